/**
 * Headers of ordinary messages, made up: a newsletter, an answer of a person, a notice of a machine.
 */

const received = [
  'Received: from mail-7.lists.example.com (mail-7.lists.example.com [203.0.113.7])',
  '\tby mx.example.org (Postfix) with ESMTPS id 4AbC1d2E3f; Tue, 24 Nov 2026 10:00:03 +0000 (UTC)',
]
const receivedBefore = [
  'Received: from [192.0.2.14] (dsl-192-0-2-14.access.example.com [192.0.2.14])',
  '\tby mail-7.lists.example.com (Postfix) with ESMTPSA id 9Zz8Yy7Xx; Tue, 24 Nov 2026 10:00:01 +0000',
]
const signature = [
  'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=lists.example.com; s=autumn;',
  '\th=from:to:subject:date:message-id:mime-version; bh=oACH+/dHnLht/nR9I2c/J30RZcRJMAptl8xLNKiLwjE=;',
  '\tb=u1NJieChf1vIHckzbNWUJKxd+ArqDyAxAfBzov07d1kNhRgO9c4A+xL4hzGtDcfp03LyErb61qSGCNnWjFDn7XJZ',
]

const newsletter = [
  'Return-Path: <bounce-4711@lists.example.com>',
  ...received,
  ...signature,
  'From: "The letter of the week" <letter@lists.example.com>',
  'Reply-To: Editors <editors@lists.example.com>',
  'To: "Bob Example" <bob@example.org>',
  'Subject: =?utf-8?Q?What_is_new_this_week:_20=25_off_caf=C3=A9s?=',
  'Date: Tue, 24 Nov 2026 10:00:00 +0000',
  'Message-ID: <20261124100000.7f31a2@lists.example.com>',
  'List-ID: <letter.lists.example.com>',
  'List-Unsubscribe: <https://lists.example.com/leave?reader=17>, <mailto:leave@lists.example.com>',
  'Precedence: bulk',
  'X-Mailer: Letters 3.1',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary="----=_Part_17_42.1"',
]

const answer = [
  ...received,
  ...receivedBefore,
  'Message-ID: <3d1f7a52-6c0b-4f0e-9a55-0c2f6f1c9b1e@example.com>',
  'Date: Tue, 24 Nov 2026 11:00:00 +0100',
  'MIME-Version: 1.0',
  'User-Agent: Mozilla Thunderbird',
  'Subject: Re: Minutes of the meeting on Monday',
  'To: Bob Example <bob@example.org>, carol@example.org',
  'Cc: "Dave (office)" <dave@example.net>',
  'References: <0@example.org> <1@example.org>',
  'From: Alice Example <alice@example.com>',
  'In-Reply-To: <1@example.org>',
  'Content-Type: text/plain; charset=UTF-8; format=flowed',
]

const notice = [
  ...received,
  'From: noreply@lists.example.com',
  'To: bob@example.org',
  'Subject: Your order 4711 has been sent',
  'Date: Tue, 24 Nov 2026 10:00:00 +0000',
  'Message-ID: <4711.1764000000@lists.example.com>',
  'Auto-Submitted: auto-generated',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
]

/** Each with an empty body. */
export const ordinaryMessages = (): readonly Buffer[] =>
  [newsletter, answer, notice].map(lines => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))
