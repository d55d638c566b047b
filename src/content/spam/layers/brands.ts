/**
 * Brands in whose name people are cheated most, with the domains that they write from.
 *
 * `name.*` is that name below com, net, org and the domains of countries. `common`: the name is also a word or a family name,
 * and counts only among words that a brand would put beside it. `near`: no honest domain differs from it by one letter.
 * The lists need care: a brand that takes a new domain has to be added, or its mail is suspected (never refused for it alone).
 */
interface BrandRow {
  readonly name: string
  /** Words of it, in lower case; several ways to write it. */
  readonly aliases: readonly string[]
  readonly domains: readonly string[]
  readonly common: boolean
  readonly near: boolean
}

export type Brand = BrandRow

const row = (name: string, aliases: string, domains: string, traits = ''): BrandRow => ({
  name,
  aliases: aliases.split(', '),
  domains: domains.split(' '),
  common: traits.includes('common'),
  near: traits.includes('near'),
})

// biome-ignore format: a table
export const brands: readonly BrandRow[] = [
  row('Adobe', 'adobe', 'adobe.* adobesign.com echosign.com behance.net', 'common'),
  row('Airbnb', 'airbnb', 'airbnb.* airbnbmail.com', 'near'),
  row('Allegro', 'allegro', 'allegro.* allegrogroup.com allegromail.pl', 'common'),
  row('Amazon', 'amazon, amazon prime, アマゾン', 'amazon.* amazonses.com primevideo.com audible.* amazon-adsystem.com amazonaws.com ssl-images-amazon.com images-amazon.com media-amazon.com amazon.jobs amazontrust.com', 'near'),
  row('American Express', 'american express, amex', 'americanexpress.* aexp.com amexgbt.com amex.*'),
  row('Apple', 'apple, apple id, icloud, itunes', 'apple.* icloud.com me.com itunes.com', 'common'),
  row('Bank of America', 'bank of america, bankofamerica', 'bankofamerica.com bofa.com ml.com', 'near'),
  row('Barclays', 'barclays', 'barclays.* barclaycard.* barclaysus.com', 'near'),
  row('BBVA', 'bbva', 'bbva.*'),
  row('Binance', 'binance', 'binance.* bnbchain.org'),
  row('BNP Paribas', 'bnp paribas, bnpparibas', 'bnpparibas.* bnpparibasfortis.be hellobank.*', 'near'),
  row('Booking.com', 'booking com', 'booking.*', 'common'),
  row('Chase', 'chase, jpmorgan chase', 'chase.com jpmorgan.* jpmchase.com jpmorganchase.com', 'common'),
  row('Citibank', 'citibank, citi bank', 'citi.* citibank.* citigroup.com', 'near'),
  row('Coinbase', 'coinbase', 'coinbase.*', 'near'),
  row('Commerzbank', 'commerzbank', 'commerzbank.* comdirect.de', 'near'),
  row('Correos', 'correos', 'correos.* correosexpress.com', 'common'),
  row('Costco', 'costco', 'costco.*'),
  row('Crédit Agricole', 'credit agricole', 'credit-agricole.* ca-paris.fr creditagricole.*'),
  row('Deutsche Bank', 'deutsche bank', 'db.com deutsche-bank.* postbank.de'),
  row('DHL', 'dhl, dhl express', 'dhl.* dhl-news.com dhl-usa.com dhlecommerce.com dhlglobalmail.com deutschepost.de dpdhl.com dhlparcel.*'),
  row('Disney', 'disney plus, disney', 'disney.* disneyplus.com disneyaccount.com go.com', 'common'),
  row('DocuSign', 'docusign', 'docusign.* docusign-mail.com', 'near'),
  row('DPD', 'dpd', 'dpd.* dpdgroup.com dpdlocal.co.uk geopost.com chronopost.*'),
  row('Dropbox', 'dropbox', 'dropbox.* dropboxmail.com hellosign.com dropboxpartners.com', 'near'),
  row('eBay', 'ebay', 'ebay.* ebaystatic.com kleinanzeigen.de'),
  row('Evri', 'evri, hermes', 'evri.com hermesworld.com myhermes.* hermes.* hermes-europe.*', 'common'),
  row('Facebook', 'facebook, instagram, whatsapp, meta', 'facebook.* facebookmail.com fb.com instagram.com meta.com whatsapp.* support.facebook.com', 'common near'),
  row('FedEx', 'fedex', 'fedex.*'),
  row('GLS', 'gls', 'gls-group.* gls.* gls-pakete.de gls-italy.com'),
  row('GoDaddy', 'godaddy', 'godaddy.* secureserver.net', 'near'),
  row('Google', 'google, gmail, youtube', 'google.* gmail.com googlemail.com youtube.com googleusercontent.com googlegroups.com withgoogle.com google.github.io googleapis.com googleblog.com googlesource.com'),
  row('HMRC', 'hmrc', 'gov.uk hmrc.gov.uk'),
  row('HSBC', 'hsbc', 'hsbc.* hsbcnet.com hsbcgroup.com'),
  row('ING', 'ing, ing diba', 'ing.* ing-diba.de', 'common'),
  row('Intesa Sanpaolo', 'intesa sanpaolo', 'intesasanpaolo.*', 'near'),
  row('InPost', 'inpost', 'inpost.* allegromail.pl'),
  row('IONOS', 'ionos', 'ionos.* 1und1.de 1and1.*'),
  row('IRS', 'irs, internal revenue service', 'irs.gov', 'common'),
  row('La Poste', 'la poste, laposte, colissimo, chronopost', 'laposte.* chronopost.* colissimo.* labanquepostale.fr'),
  row('Ledger', 'ledger, ledger live', 'ledger.com ledgerwallet.com', 'common'),
  row('LinkedIn', 'linkedin', 'linkedin.*', 'near'),
  row('Lloyds', 'lloyds bank, lloyds', 'lloydsbank.* lloydsbanking.com lloyds.com', 'common'),
  row('Mastercard', 'mastercard', 'mastercard.*', 'near'),
  row('McAfee', 'mcafee', 'mcafee.* mcafee-mail.com trellix.com'),
  row('Mercari', 'mercari, メルカリ', 'mercari.*'),
  row('MetaMask', 'metamask', 'metamask.io consensys.net consensys.io', 'near'),
  row('Microsoft', 'microsoft, office 365, office365, microsoft 365, onedrive, sharepoint, outlook', 'microsoft.* outlook.* office.com office365.com microsoftonline.com sharepointonline.com onmicrosoft.com sharepoint.com onedrive.com live.* hotmail.* azure.com skype.com linkedin.com microsoft.github.io', 'near'),
  row('N26', 'n26', 'n26.com'),
  row('Netflix', 'netflix', 'netflix.*', 'near'),
  row('Norton', 'norton, nortonlifelock, lifelock', 'norton.* nortonlifelock.com gendigital.com symantec.com lifelock.com', 'common'),
  row('PayPal', 'paypal', 'paypal.* paypal-communication.com paypal-corp.com paypalobjects.com xoom.com', 'near'),
  row('PostFinance', 'postfinance', 'postfinance.*', 'near'),
  row('PostNL', 'postnl', 'postnl.*', 'near'),
  row('Poste Italiane', 'poste italiane, posteitaliane, postepay', 'poste.it posteitaliane.it postepay.it'),
  row('Rabobank', 'rabobank', 'rabobank.*', 'near'),
  row('Rakuten', 'rakuten, 楽天', 'rakuten.* rakuten-bank.co.jp rakuten-card.co.jp rakuten-sec.co.jp', 'near'),
  row('Royal Mail', 'royal mail, royalmail', 'royalmail.*', 'near'),
  row('Santander', 'santander', 'santander.* gruposantander.com santanderbank.com', 'common'),
  row('Société Générale', 'societe generale', 'societegenerale.* socgen.com sg.fr'),
  row('Sparkasse', 'sparkasse', 'sparkasse.* s-news.de sparkassen.de', 'common near'),
  row('Spotify', 'spotify', 'spotify.* spotifymail.com', 'near'),
  row('Steam', 'steam, steampowered', 'steampowered.com steamcommunity.com valvesoftware.com', 'common'),
  row('Swiss Post', 'swiss post, die post, post ch', 'post.ch swisspost.* poste.ch'),
  row('Telekom', 'telekom, t online', 'telekom.* t-online.de t-mobile.* magenta.at', 'common'),
  row('Trezor', 'trezor', 'trezor.io satoshilabs.com'),
  row('Trust Wallet', 'trust wallet, trustwallet', 'trustwallet.com binance.com'),
  row('UBS', 'ubs', 'ubs.*'),
  row('UniCredit', 'unicredit', 'unicredit.* unicreditgroup.eu', 'near'),
  row('UPS', 'ups', 'ups.com upsemail.com ups-scs.com'),
  row('USPS', 'usps, us postal service', 'usps.com usps.gov'),
  row('Vodafone', 'vodafone', 'vodafone.* vodafonemail.de', 'near'),
  row('Volksbank', 'volksbank', 'volksbank.* vr.de vr-bank.de vrbank.de', 'common near'),
  row('Walmart', 'walmart', 'walmart.*', 'near'),
  row('Wells Fargo', 'wells fargo, wellsfargo', 'wellsfargo.* wf.com', 'near'),
  row('Yamato', 'yamato transport, ヤマト運輸, クロネコヤマト', 'kuronekoyamato.co.jp yamato-hd.co.jp'),
]

/** What a brand, or who pretends to be one, puts beside its name; tokens in lower case without accents. */
// biome-ignore format: a list
export const besideBrand: ReadonlySet<string> = new Set(
  `account accounts admin alert alerts assistance auth bank banking billing business card care center central centre
  claim client clients cloud co com confirm confirmation conto contact customer customers dank delivery department dept
  desk email express finance fraud gift group help helpdesk home id inc info international invoice kunden kundenservice
  kundendienst limited live login logistics ltd mail mailer member message my net news no noreply notice notification
  notifications notify of official office online order org parcel paket pay payment payments plus portal post prime
  protection recovery refund renewal reply reward rewards sec secure security service services servicio servizio client
  shipment shipping signin store subscription suivi suspension sms support survey system team tech the track tracking
  transaction unlock update upgrade us user validation verification verify wallet web webmail www de en eu fr it jp uk`
    .split(/\s+/),
)
