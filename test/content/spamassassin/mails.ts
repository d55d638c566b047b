/**
 * Messages written for the comparison with SpamAssassin: the kinds of mail that its rules are about, small enough to read.
 * Lines end with LF here; `wire` makes them CRLF.
 */
const received =
  'Received: from mail.example.net (mail.example.net [203.0.113.7])\n\tby mx.example.org (Postfix) with ESMTP id 4AbC1d2E3f\n\tfor <bob@example.org>; Tue, 24 Nov 2026 10:00:03 +0000 (UTC)\n'

interface Parts {
  readonly from?: string
  readonly to?: string
  readonly subject?: string
  readonly extra?: string
  readonly type?: string
  readonly body: string
}

function mail({ from, to, subject, extra = '', type = 'text/plain; charset=utf-8', body }: Parts): string {
  return [
    received,
    `From: ${from ?? '"Alice Example" <alice@example.net>'}\n`,
    `To: ${to ?? 'Bob <bob@example.org>'}\n`,
    `Subject: ${subject ?? 'Minutes of the meeting'}\n`,
    'Date: Tue, 24 Nov 2026 10:00:00 +0000\n',
    'Message-ID: <20261124100000.7f31a2@mail.example.net>\n',
    'MIME-Version: 1.0\n',
    `Content-Type: ${type}\n`,
    extra,
    '\n',
    body,
  ].join('')
}

const boundary = 'multipart/alternative; boundary="=_frontier"'
const parts = (plain: string, html: string) =>
  `--=_frontier\nContent-Type: text/plain; charset=utf-8\n\n${plain}\n--=_frontier\nContent-Type: text/html; charset=utf-8\n\n${html}\n--=_frontier--\n`

export const mails: ReadonlyMap<string, string> = new Map([
  [
    'minutes',
    mail({ body: 'Hello Bob,\n\nplease find the minutes below. We agreed on the budget.\n\nAlice\n' }),
  ],
  [
    'advance fee',
    mail({
      from: 'Barrister John <john.b@example.net>',
      subject: 'CONFIDENTIAL BUSINESS PROPOSAL',
      extra: 'Reply-To: barrister.john@mail.example\n',
      body: 'Dear friend,\n\nI am the widow of the late minister of petroleum and I seek your assistance to transfer\nthe sum of US$ 14.5 million dollars into your bank account. You will get 30% of the total sum.\nThe fund is deposited with a security company. Please send your full name, telephone number and\naddress as the next of kin. God bless you.\n',
    }),
  ],
  [
    'pharmacy',
    mail({
      subject: 'Cheap V1agra and C!alis, best prices',
      body: 'Buy Viagra, Cialis, Levitra and Xanax online. No prescription required!\nVisit http://pills.example.com/order.php?id=12345 today, 100% satisfaction guaranteed.\n',
    }),
  ],
  [
    'lottery',
    mail({
      subject: 'YOU HAVE WON !!!',
      body: 'Congratulations! Your e-mail address has won the sum of $1,000,000.00 in the online lottery.\nTo claim your prize, contact our claims agent immediately with your winning number.\n',
    }),
  ],
  [
    'phishing',
    mail({
      from: '"PayPal Service" <service@paypal.example>',
      subject: 'Your account has been suspended',
      type: boundary,
      body: parts(
        'Dear customer, please verify your account within 24 hours.',
        '<html><body><p>Dear customer,</p><p>please <a href="http://192.0.2.55/paypal/login.php">verify your account</a> within <b>24 hours</b> or your mailbox will be closed.</p><img src="http://203.0.113.9/logo.gif" width="1" height="1"></body></html>',
      ),
    }),
  ],
  [
    'newsletter',
    mail({
      from: 'News <news@lists.example.com>',
      subject: 'This week: 20% off everything',
      extra:
        'List-Unsubscribe: <mailto:leave@lists.example.com>\nList-Id: <news.lists.example.com>\nPrecedence: bulk\nX-Mailer: Example Mailer 3.1\n',
      type: boundary,
      body: parts(
        'This week only: 20% off.\nUnsubscribe: http://lists.example.com/u/1',
        '<html><head><title>News</title><style>p { color: #333 }</style></head><body><h1>This week only</h1><p>20% off everything. <a href="https://www.example.com/shop?utm=1">Click here</a> to shop.</p><p style="display:none">hidden words</p><p><a href="http://lists.example.com/u/1">unsubscribe</a></p></body></html>',
      ),
    }),
  ],
  [
    'no subject',
    `${received}From: a@example.net\nTo: undisclosed-recipients:;\nDate: Tue, 24 Nov 2026 10:00:00 +0000\n\nhttp://short.example/x\n`,
  ],
  ['nothing but a body', 'From: x@example.net\n\nhi\n'],
  [
    'encoded subject',
    mail({
      from: '=?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@example.net>',
      subject: '=?utf-8?B?w5xiZXJ3ZWlzdW5nIMO8YmVyIDEuMDAwIOKCrA==?=',
      extra: 'Content-Transfer-Encoding: base64\n',
      body: `${Buffer.from('Guten Tag,\n\ndie Überweisung über 1.000 € ist eingegangen.\n\nGrüße\n').toString('base64')}\n`,
    }),
  ],
  [
    'latin1 quoted-printable',
    mail({
      subject: '=?iso-8859-1?Q?Caf=E9?= menu',
      type: 'text/plain; charset=iso-8859-1',
      extra: 'Content-Transfer-Encoding: quoted-printable\n',
      body: 'The caf=E9 is open=\n until ten. Cr=E8me br=FBl=E9e for 5 =A3.\n\nSee you.\n',
    }),
  ],
  [
    'attachment',
    mail({
      subject: 'Invoice 4711',
      type: 'multipart/mixed; boundary="xx"',
      body: `--xx\nContent-Type: text/plain\n\nPlease see the attached invoice.\n--xx\nContent-Type: application/pdf; name="invoice.pdf"\nContent-Disposition: attachment; filename="invoice.pdf"\nContent-Transfer-Encoding: base64\n\n${Buffer.from('%PDF-1.4 not really').toString('base64')}\n--xx\nContent-Type: application/octet-stream; name="run.exe"\nContent-Transfer-Encoding: base64\n\nTVqQAAMAAAAEAAAA\n--xx--\n`,
    }),
  ],
  [
    'reply with references',
    mail({
      subject: 'Re: Minutes of the meeting',
      extra:
        'In-Reply-To: <1@example.org>\nReferences: <0@example.org> <1@example.org>\nUser-Agent: Mozilla Thunderbird\n',
      body: 'On Monday Bob wrote:\n> Hello Alice,\n> when is the next one?\n\nOn Friday.\n',
    }),
  ],
  [
    'bounce',
    `${received}Return-Path: <>\nFrom: MAILER-DAEMON@mail.example.net (Mail Delivery System)\nTo: bob@example.org\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host mail.example.net.\n\nI'm sorry to have to inform you that your message could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.net\n\nFinal-Recipient: rfc822; x@example.net\nAction: failed\nStatus: 5.1.1\n\n--b--\n`,
  ],
  [
    'work at home',
    mail({
      from: 'HR <hr@gmail.com>',
      subject: 'Work from home - earn $5000 per week!!!',
      body: 'URGENT!! Make money fast from home. No experience needed. Be your own boss!\nThis is not spam. Limited time offer. Act now! Risk free, money back guarantee.\nCall 1-800-555-0199 now.\n',
    }),
  ],
  [
    'dating',
    mail({
      from: 'Natasha <natasha1988@mail.ru>',
      subject: 'hello my dear',
      body: 'Hi, I am a lonely russian girl looking for a serious relationship with a nice man.\nI saw your profile. Write me to natasha1988@yahoo.example and I will send my photos.\n',
    }),
  ],
  [
    'bitcoin extortion',
    mail({
      subject: 'Your password is hunter2',
      body: 'I know your password. I installed a malware on the adult website and recorded you with your webcam.\nYou have 48 hours to make the payment of $900 in Bitcoin to my wallet\n1BoatSLRHtKNngkdXEeobR76b53LETtpyT or I will send the video to all your contacts.\n',
    }),
  ],
  [
    'shouting',
    mail({
      subject: 'FREE   MONEY   $$$',
      body: 'GUARANTEED!!!! CALL NOW!!!!\n\n\n\nDEAR SIR/MADAM, YOUR LOAN OF $50,000 IS APPROVED. APPLY NOW AT WWW.LOANS.EXAMPLE.COM\n',
    }),
  ],
  [
    'obfuscated',
    mail({
      subject: 'V.I.A.G.R.A',
      body: 'V.i.a.g.r.a   c1al1s   m0rtgage   l0an   pr1ces   s0ftware   r0lex w4tches\n',
    }),
  ],
  [
    'html only with a form',
    mail({
      subject: 'Update your information',
      type: 'text/html; charset=iso-8859-1',
      body: '<HTML><BODY BGCOLOR=#FFFFFF><FONT SIZE=5 COLOR=red>Update now</FONT><form action="http://www.example.com/p.cgi" method=post><input type=text name=card></form><script>alert(1)</script><iframe src="http://www.example.com/x"></iframe></BODY></HTML>\n',
    }),
  ],
  [
    'many links',
    mail({
      body: `${Array.from({ length: 12 }, (_, n) => `http://www${n}.example.com/page/${n}.html?user=bob@example.org`).join('\n')}\n`,
    }),
  ],
  ['long lines', mail({ body: `${'word '.repeat(600)}\n\n${'abcdefghij'.repeat(120)}\n` })],
  [
    'odd header',
    `Received: from [198.51.100.20] (helo=friend) by mx.example.org with smtp (Exim 4.96) id 1aB2cD-0001; Tue, 24 Nov 2026 10:00:03 +0000\nFrom: <>\nTo: <bob@example.org>, <bill@example.org>, <ben@example.org>\nCc: beth@example.org\nSubject:  spaces   inside  \nX-Priority: 1 (Highest)\nX-MSMail-Priority: High\nX-Mailer: Microsoft Outlook Express 6.00.2900.5512\nX-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.5512\nReply-To: "Other" <other@example.com>\nDate: Sun, 30 Feb 2026 25:61:00 -0000\nMessage-ID: <000001c7$2e4b1230$0100007f@friend>\nContent-Type: text/plain\n\nLook at this.\n`,
  ],
  [
    'two received',
    `Received: from mail.example.net (unknown [203.0.113.7]) by mx.example.org (Postfix) with SMTP id 1; Tue, 24 Nov 2026 10:00:03 +0000\nReceived: from dsl-203-0-113-99.example.com (dsl-203-0-113-99.example.com [198.51.100.99])\n\tby mail.example.net (8.14.4/8.14.4) with ESMTP id 2; Tue, 24 Nov 2026 09:59:00 +0000\nFrom: alice@example.net\nTo: bob@example.org\nSubject: two hops\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <2@example.net>\n\nText.\n`,
  ],
  [
    'stock',
    mail({
      subject: 'Hot stock alert',
      body: 'This stock is about to explode! Symbol: EXMP. Current price: $0.12. Target: $1.50.\nBuy before Monday. The information contains forward looking statements within the meaning of section 27A.\n',
    }),
  ],
  [
    'chinese gb',
    mail({
      subject: '=?gb2312?B?xOO6w6OsysC95w==?=',
      type: 'text/plain; charset=gb2312',
      extra: 'Content-Transfer-Encoding: base64\n',
      body: 'xOO6w6OsysC95yC0+r+qt6LGsQ==\n',
    }),
  ],
])

export const wire = (text: string): Buffer => Buffer.from(text.replace(/\r?\n/g, '\r\n'))
