/**
 * Domains by what they are used for: free mail, shorteners, free hosting, top level domains where names cost next to nothing.
 *
 * Honest people use all of them; each list is a weight, not a verdict. Promises: a look-up takes as many steps as a domain has
 * labels.
 */
import { organisationOf } from '#content/spam/domain.ts'

const listed = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const freeMail = listed(`
  126.com 163.com 21cn.com aim.com aliyun.com aol.com atomicmail.io bk.ru bol.com.br consultant.com cox.net daum.net
  dr.com email.com engineer.com europe.com europemail.com fastmail.com financier.com foxmail.com free.fr freenet.de
  googlemail.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net gmx.us hanmail.net hotmail.com hushmail.com
  icloud.com inbox.lv inbox.ru interia.pl internet.ru keemail.me laposte.net lawyer.com libero.it list.ru live.com
  mac.com mail.com mail.ee mail.ru mailfence.com me.com minister.com msn.com naver.com ntlworld.com o2.pl onet.pl
  onionmail.org op.pl outlook.com pm.me poczta.onet.pl post.com proton.me protonmail.com qq.com rambler.ru rediffmail.com
  representative.com rocketmail.com secretary.net seznam.cz sina.cn sina.com skiff.com sohu.com techie.com terra.com.br
  t-online.de tiscali.it tuta.com tuta.io tutanota.com ukr.net uol.com.br usa.com virgilio.it walla.co.il web.de
  workmail.com wp.pl ya.ru yahoo.com yandex.com yandex.ru yeah.net ymail.com zoho.com zohomail.com zohomail.eu`)
/** Below the domains of countries. */
const freeMailNames = listed('gmail googlemail hotmail live outlook yahoo yandex')

const shorteners = listed(`
  adf.ly amzn.to bit.do bit.ly bitly.com bl.ink buff.ly clck.ru cli.gs cutt.ly cutt.us dlvr.it fb.me goo.gl goo.su grabify.link
  hoo.gl hyperurl.co is.gd kutt.it ln.run lnkd.in lnk.to linktr.ee n9.cl ow.ly qr.ae qrco.de q-r.to rb.gy rebrand.ly
  reurl.cc s.id s.yam.com shorte.st short.gy shorturl.at snip.ly snip.li soo.gd shrtco.de t.co t.ly t1p.de t2m.io tiny.cc
  tiny.one tinyurl.com tr.im u.to urlz.fr urlzs.com v.gd v.ht vk.cc wa.link wow.link x.co xsrt.me y2u.be zpr.io zws.im`)

const hosting = listed(`
  000webhostapp.com 8b.io amplifyapp.com azurefd.net azurewebsites.net azurestaticapps.net
  backblazeb2.com blob.core.windows.net blogspot.com boxmode.io bravesites.com builderallwppro.com canva.site carrd.co
  cf-ipfs.com cloudapp.azure.com codesandbox.io contaboserver.net cprapid.com cloudwaysapps.com
  ddns.net digitaloceanspaces.com dnset.com duckdns.org dweb.link dynamic-dns.net dynv6.net edgeone.app elementor.cloud
  fleek.co filesusr.com firebaseapp.com firebasestorage.googleapis.com fly.dev formstack.com forms.gle free.nf
  gitbook.io glitch.me godaddysites.com herokuapp.com hopto.org hostingersite.com ipfs.io infinityfreeapp.com
  jimdofree.com jimdosite.com jotform.com linodeobjects.com lovable.app my.id myfreesites.net myftp.org
  myvnc.com netlify.app ngrok.io ngrok-free.app no-ip.org notion.site onrender.com pagekite.me pages.dev plesk.page
  r2.dev railway.app replit.app repl.co rf.gd servehttp.com serveo.net simvoly.com sites.google.com site123.me
  square.site storage.googleapis.com strikingly.com surge.sh sytes.net tempurl.host trycloudflare.com
  translate.goog typedream.app typeform.com ukit.me umso.co vercel.app wcomhost.com web.app webflow.io weebly.com
  weeblysite.com wixsite.com wixstudio.com workers.dev yolasite.com zapto.org zohosites.com
  web.core.windows.net z13.web.core.windows.net mybluehost.me temporary.site swtest.ru xsph.ru`)

const cheap = listed(`
  bar best bond buzz cam casa cf cfd click club cn.com country cyou date digital download faith fit fun ga gdn gq icu kim
  life link live loan lol men ml mom monster one online party pics press pro pw quest racing rest review ru.com sa.com sbs
  science shop site skin space store stream support surf tk today tokyo top trade uno vip wang website win work world wtf
  xin xyz yachts za.com zip autos boats beauty hair homes makeup motorcycles lat`)

/** Who offers the hosting: most hosts are none of theirs, and cost one look. */
const hosts = new Set([...hosting].map(organisationOf))

/** The longest suffix of a host that the list has. */
function hostingSuffix(host: string): string | undefined {
  for (let at = 0; at >= 0; at = host.indexOf('.', at) + 1 || -1)
    if (hosting.has(host.slice(at))) return host.slice(at)
  return undefined
}

export const isFreeMail = (domain: string): boolean =>
  freeMail.has(domain) ||
  (freeMailNames.has(domain.split('.', 1)[0]!) && /^[a-z]+\.(?:[a-z]{2}|com?\.[a-z]{2})$/.test(domain))

export const isShortener = (host: string): boolean =>
  shorteners.has(host.startsWith('www.') ? host.slice(4) : host)

export const hostingOf = (host: string): string | undefined =>
  hosts.has(organisationOf(host)) ? hostingSuffix(host) : undefined

/** A top level domain, or a private one, where spammers register most. */
export function isAbused(domain: string): boolean {
  const last = domain.lastIndexOf('.')
  if (cheap.has(domain.slice(last + 1))) return true
  const second = last <= 0 ? -1 : domain.lastIndexOf('.', last - 1)
  return cheap.has(domain.slice(second + 1))
}
