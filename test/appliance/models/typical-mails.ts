/**
 * Typical mails, made up for tests: as their senders' programs write them, in several languages. Nobody in them exists.
 */
export interface TypicalMail {
  readonly name: string
  readonly spam: boolean
  /** The probability that it stays below, where MODEL.md tells of a weakness; 0.5 when absent. */
  readonly below?: number
  readonly text: string
}

interface Letter {
  readonly from: string
  readonly subject: string
  readonly id: string
  readonly more?: readonly string[]
  readonly type?: string
  readonly body: string
}

const mailOf = ({ from, subject, id, more = [], type = 'text/plain; charset=utf-8', body }: Letter) =>
  [
    `From: ${from}`,
    `Subject: ${subject}`,
    'Date: Tue, 12 Mar 2024 10:11:12 +0100',
    `Message-ID: <${id}>`,
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: 8bit',
    ...more,
    '',
    body,
    '',
  ]
    .join('\n')
    .replaceAll('\n', '\r\n')

const html = 'text/html; charset=utf-8'

export const typicalMails: readonly TypicalMail[] = [
  {
    name: 'advance fee, English',
    spam: true,
    text: mailOf({
      from: '"Barrister Peter Okoro" <barr.okoro77@freemail.example>',
      subject: 'URGENT REPLY NEEDED',
      id: '20240312.7781@freemail.example',
      more: ['Reply-To: okoro.chambers@othermail.example'],
      body: [
        'Dear Friend,',
        '',
        'I am the attorney of a late client who died with his family and left the sum of $12,500,000.00 USD (twelve million',
        'five hundred thousand dollars) in a bank here. I seek your consent to present you as his next of kin so that the fund',
        'can be released into your account. You will have 40% of the money. This transaction is 100% risk free and confidential.',
        '',
        'Send me your full name, address, telephone number and bank account for the immediate transfer.',
        '',
        'Yours faithfully,',
        'Barrister Peter Okoro',
      ].join('\n'),
    }),
  },
  {
    name: 'pills, English, HTML',
    spam: true,
    text: mailOf({
      from: 'Best Pharmacy <offer@cheap-meds-today.example>',
      subject: 'Save 80% on all pills - today only!!!',
      id: 'a8f7d6e5@cheap-meds-today.example',
      type: html,
      body: [
        '<html><body><center><h1><font color="red">LIMITED TIME OFFER!</font></h1>',
        '<p>Buy cheap viagra and cialis online without a prescription. Free shipping worldwide, 100% satisfaction',
        'guaranteed or your money back!</p>',
        '<p><a href="http://cheap-meds-today.example/order?id=88213"><b>CLICK HERE TO ORDER NOW</b></a></p>',
        '<p><small>To be removed from our list <a href="http://cheap-meds-today.example/remove">click here</a></small></p>',
        '</center></body></html>',
      ].join('\n'),
    }),
  },
  {
    name: 'mailbox is full, phishing, English, HTML',
    spam: true,
    text: mailOf({
      from: '"Mail Administrator" <noreply@webmail-service.example>',
      subject: 'Action required: your mailbox will be deactivated',
      id: '5521.1@localhost',
      type: html,
      body: [
        '<html><body><p>Dear user,</p><p>Your email account has exceeded its storage limit. Your account will be suspended within 24',
        'hours unless you verify your account information.</p>',
        '<p><a href="https://verify-account.example/login.php?email=user">Click here to verify your account</a></p>',
        '<p>Failure to update will result in permanent loss of your account.</p><p>Account Security Team</p></body></html>',
      ].join('\n'),
    }),
  },
  {
    name: 'search engine optimisation, English',
    spam: true,
    text: mailOf({
      from: 'Anna Smith <anna.seo.expert@freemail.example>',
      subject: 'Increase your website ranking on first page of Google',
      id: 'CAK9x@mail.freemail.example',
      body: [
        'Hello Sir/Madam,',
        '',
        'I am a digital marketing consultant. I found your website and noticed that it is not ranking on the first page of Google.',
        'We offer SEO services, website design and guaranteed top ranking at an affordable price. Our packages start at $99 per month.',
        '',
        'If you are interested, please send me your phone number and I will send you our price list and a free quote.',
        '',
        'Best regards,',
        'Anna Smith, Business Development Manager',
      ].join('\n'),
    }),
  },
  {
    name: 'inheritance, German',
    spam: true,
    text: mailOf({
      from: '"Maria Hoffmann" <mariahoffmann5501@freemail.example>',
      subject: 'Spende von 2.500.000 Euro',
      id: '99121.22@freemail.example',
      body: [
        'Lieber Freund,',
        '',
        'ich habe eine Spende von 2.500.000,00 Euro für Sie. Ich habe im Lotto gewonnen und einen Teil meines Geldes für wohltätige',
        'Zwecke bestimmt. Bitte antworten Sie mir für weitere Informationen, damit die Bank das Geld auf Ihr Konto überweisen kann.',
        '',
        'Gott segne Sie',
        'Maria Hoffmann',
      ].join('\n'),
    }),
  },
  {
    name: 'loan, French',
    spam: true,
    text: mailOf({
      from: '"Service Crédit" <credit.rapide2024@freemail.example>',
      subject: 'Offre de prêt entre particuliers',
      id: '0001.77@freemail.example',
      body: [
        'Bonjour Madame, Monsieur,',
        '',
        "Je suis un particulier qui offre des prêts d'argent de 5.000 € à 2.000.000 € à toute personne sérieuse, avec un taux",
        "d'intérêt de 2 %. Crédit immobilier, crédit auto, rachat de crédit. Pour toute information, contactez-moi par email.",
        '',
        'Cordialement',
      ].join('\n'),
    }),
  },
  {
    name: 'lottery, Spanish',
    spam: true,
    text: mailOf({
      from: '"Loteria Nacional" <premios@freemail.example>',
      subject: 'FELICIDADES, USTED HA GANADO',
      id: '7812@freemail.example',
      body: [
        'Estimado ganador:',
        '',
        'Nos complace informarle que su dirección de correo electrónico ha ganado la suma de 950.000 euros en nuestro sorteo.',
        'Para reclamar su premio envíe su nombre completo, dirección, teléfono y datos bancarios a nuestro agente.',
        '',
        'Felicidades de nuevo',
      ].join('\n'),
    }),
  },
  {
    name: 'a question to colleagues, English',
    spam: false,
    text: mailOf({
      from: 'Helen Carter <helen.carter@office.example>',
      subject: 'Minutes of the meeting on Monday',
      id: '8d1f22c0-aa01-4d0c-9e1d-1f33c2a7b011@office.example',
      more: ['In-Reply-To: <112233@office.example>', 'User-Agent: Mozilla Thunderbird'],
      body: [
        'Hi all,',
        '',
        'attached are the minutes. I think we should move the review to Thursday, because Tom is away on Wednesday and the test',
        'results will not be ready before then. Does that work for everybody?',
        '',
        'On 11.03.24 at 16:02, Tom wrote:',
        '> I have updated the schedule, but the second part still depends on the report from the lab.',
        '',
        'Thanks,',
        'Helen',
      ].join('\n'),
    }),
  },
  {
    name: 'a patch on a list, English',
    spam: false,
    text: mailOf({
      from: 'Lars Berg <lars@kernel-work.example>',
      subject: '[PATCH v2] serial: fix the order of locks on close',
      id: '20240312101112.4711-1-lars@kernel-work.example',
      more: ['X-Mailer: git-send-email 2.43.0'],
      body: [
        'The lock was taken before the buffer had been flushed, so that a close in the middle of a write could wait for ever.',
        'Take it afterwards, as the other drivers do.',
        '',
        'Signed-off-by: Lars Berg <lars@kernel-work.example>',
        '---',
        ' drivers/tty/serial/core.c | 4 ++--',
        ' 1 file changed, 2 insertions(+), 2 deletions(-)',
        '',
        '--- a/drivers/tty/serial/core.c',
        '+++ b/drivers/tty/serial/core.c',
        '@@ -101,4 +101,4 @@ static void port_close(struct port *port)',
        '-\tmutex_lock(&port->mutex);',
        ' \tflush_buffer(port);',
        '+\tmutex_lock(&port->mutex);',
      ].join('\n'),
    }),
  },
  {
    name: 'a private mail, German',
    spam: false,
    text: mailOf({
      from: 'Jürgen Weber <juergen.weber@verein.example>',
      subject: 'Re: Probe am Donnerstag',
      id: 'b1c2d3e4-1111-2222-3333-444455556666@verein.example',
      more: ['In-Reply-To: <a0@verein.example>', 'User-Agent: Mozilla Thunderbird'],
      body: [
        'Hallo Sabine,',
        '',
        'am Donnerstag kann ich leider erst um halb acht, weil ich vorher noch in der Schule bin. Fangt ruhig ohne mich an.',
        'Die Noten bringe ich mit; die zweite Stimme habe ich noch einmal abgeschrieben.',
        '',
        'Am 11.03.24 um 16:02 schrieb Sabine:',
        '> Kommst du am Donnerstag zur Probe?',
        '',
        'Viele Grüße',
        'Jürgen',
      ].join('\n'),
    }),
  },
  {
    name: 'a question about a program, French',
    spam: false,
    text: mailOf({
      from: 'Claire Martin <claire.martin@laboratoire.example>',
      subject: 'Re: question sur la version 3',
      id: 'f00d-4711@laboratoire.example',
      more: ['References: <1@laboratoire.example>', 'In-Reply-To: <1@laboratoire.example>'],
      body: [
        'Bonjour Paul,',
        '',
        "merci pour ta réponse. J'ai essayé avec la version 3 et le test passe, mais le fichier de configuration n'est plus lu au",
        'démarrage. Est-ce que tu peux regarder quand tu seras de retour au laboratoire ?',
        '',
        '> As-tu essayé avec la nouvelle version ?',
        '',
        'Claire',
      ].join('\n'),
    }),
  },
  {
    name: 'an order is on its way, English, HTML',
    spam: false,
    below: 0.8,
    text: mailOf({
      from: 'Garden Books <orders@gardenbooks.example>',
      subject: 'Your order 20418 has been dispatched',
      id: '20418.dispatch@gardenbooks.example',
      type: html,
      body: [
        '<html><head><title>Dispatched</title></head><body><p>Hello Ms Carter,</p>',
        '<p>your order 20418 of 9 March left our warehouse this morning and will be with you on Thursday.</p>',
        '<table><tr><td>1</td><td>Roses of the north, second edition</td><td>24.00</td></tr></table>',
        '<p>You can follow it in <a href="https://www.gardenbooks.example/orders/20418">your account</a>.</p>',
        '<p>Garden Books, 12 Mill Lane</p></body></html>',
      ].join('\n'),
    }),
  },
]
