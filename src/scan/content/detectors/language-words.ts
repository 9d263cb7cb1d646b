import { folded } from './folded.ts';

/**
 * The commonest words of languages other than English, from general knowledge of them: `talk` is how people address
 * a machine (verbs of asking, question words, I and you), `glue` what holds any sentence together. Written as one
 * types them; compared without accents, since many people leave these out.
 */
interface LanguageWords {
  readonly talk: string;
  readonly glue: string;
}

const LATIN: Readonly<Record<string, LanguageWords>> = {
  german: {
    talk: `ich du mir mich dir dich wir uns ihr mein meine meinen meinem meiner dein deine deinen wer wem wen was wie
      warum wieso weshalb wo wohin woher wann welche welcher welches bitte danke hallo schreib schreibe schreiben erkläre
      erklär erklären übersetze übersetz übersetzen nenne nenn gib gibt fasse zusammen formuliere erstelle erstell
      entwirf verfasse erzähl erzähle hilf helfen kannst könntest können kann möchte soll muss rezept gedicht brief
      tochter sohn mutter vater frau mann kind`,
    glue: `der die das den dem des ein eine einen einem einer und oder aber nicht kein keine ist sind war wird werden
      wurde hat haben hatte sich auf für mit von vom zum zur bei nach aus über unter zwischen durch gegen ohne seit gestern
      heute morgen im am als auch nur noch schon sehr mehr drei zwei wenn weil dass diesen diese dieser dieses dann hier
      ins an es sie er einfach kurz heißt geht viel`,
  },
  french: {
    talk: `je tu moi toi nous vous mon ma mes ton ta tes notre votre qui que quoi quel quelle quels quelles comment
      pourquoi quand où combien bonjour salut merci svp écris écrire rédige rédiger explique expliquer explique-moi traduis
      traduire résume résumer donne donne-moi donnez dis dites aide aider peux peux-tu pouvez pouvez-vous veux voudrais
      fais faire corrige propose raconte invente lettre poème recette fils fille mère père femme mari enfant`,
    glue: `le la les un une des du de et ou mais est sont était c'est j'ai a au aux en dans sur pour par avec sans sous
      ce cet cette ces ne pas plus se son sa ses leur elle il ils on y qu'est-ce d'un d'une être avoir très depuis hier
      demain aujourd'hui trois deux si comme mes chez simplement`,
  },
  spanish: {
    talk: `yo tú me mi mis tu tus nosotros usted quién qué cuál cuáles cómo cuándo dónde cuánto hola gracias
      favor escribe escríbeme escribir explica explícame explicar traduce tradúceme resume resúmeme dame dime haz hazme
      ayúdame ayuda ayudar puedes podrías quiero quisiera necesito redacta cuéntame genera corrige duele carta poema
      receta cuento hijo hija madre padre mujer estás soy`,
    glue: `el la los las un una unos unas de del al y o pero es son está están era no se su sus lo le les en con sin
      sobre para por como más muy ya desde ayer hoy mañana este esta estos estas ese esa eso que si tres dos hay fue ser
      tiene tengo quiere hacer entre hasta también porque`,
  },
  portuguese: {
    talk: `eu tu você vocês me mim meu minha meus minhas nós quem que qual quais como porque quando onde quanto
      olá oi obrigado obrigada favor escreva escreve escrever explique explica traduza traduz resuma resume dê diga faça
      faz ajude ajuda ajudar pode poderia quero queria preciso redija crie conte corrija estou carta poema receita filho
      filha mãe pai tudo bem`,
    glue: `o a os as um uma uns de do da dos das no na nos nas e ou mas é são está estão era não se seu sua em com sem
      sobre para pra por pelo pela mais muito já desde ontem hoje amanhã este esta esse essa isso isto ao à três duas
      dois há foi ser tem quer fazer entre até também`,
  },
  italian: {
    talk: `io tu mi ti ci mio mia miei tuo tua noi voi chi che cosa quale quali come perché quando dove quanto ciao
      grazie favore scrivi scrivimi scrivere spiega spiegami traduci riassumi dammi dimmi fammi aiutami aiuto aiutare puoi
      potresti voglio vorrei serve racconta correggi stai ho lettera poesia ricetta figlio figlia madre padre`,
    glue: `il lo la i gli le un uno una di del della dello dei delle da dal dalla a al alla in nel nella con su sul
      sulla per tra fra e o ma è sono era non si se suo sua questo questa questi quello più molto già ieri oggi domani
      tre due ha hanno fare essere anche vuole ancora`,
  },
  dutch: {
    talk: `ik jij je mij mijn me jouw wij we ons jullie u uw wie wat waar waarom hoe wanneer welke welk hallo hoi bedankt
      dank alsjeblieft alstublieft schrijf schrijven leg uitleggen vertaal vertalen geef vat samen maak stel noem help
      helpen kun kunt kan wil graag vertel bedenk verbeter gedicht brief recept zoon dochter moeder vader`,
    glue: `de het een en of maar is zijn was waren wordt worden heeft hebben had niet geen in op aan met van voor door
      over naar bij uit tot om te dat dit deze die er ook nog al zeer meer sinds gisteren vandaag morgen drie twee als
      dan kort zin tekst eenvoudig gaat heb`,
  },
  polish: {
    talk: `ja ty mi mnie mój moja moje moim ci ciebie my wy kto co jak jaka jaki jakie dlaczego czemu kiedy gdzie ile
      cześć dzień dobry dziękuję proszę napisz napisać wyjaśnij przetłumacz streść podaj podsumuj zrób zrobić pomóż
      pomocy potrzebuję chcę możesz opowiedz wymyśl popraw list wiersz przepis syn córka boli`,
    glue: `i w we z ze na do od o po za przed przy dla bez przez pod nad jest są był była było nie tak się to ten ta te
      tego tej tym tych że żeby ale lub albo czy już jeszcze bardzo wczoraj dzisiaj dziś jutro trzy dwa dwóch dwie być
      mieć ma nas u słychać`,
  },
  czech: {
    talk: `já ty mi mě můj moje má mého my vy kdo co jak jaké jaký jaká proč kdy kde kolik ahoj děkuji prosím napiš
      vysvětli přelož shrň dej udělej pomoz pomoc potřebuji chci můžeš vymysli oprav řekni dopis báseň recept syn dcera
      uvařit`,
    glue: `a v ve z ze na do od o po za před při pro bez přes pod nad je jsou byl byla bylo není ne se si to ten ta tento
      tato že aby ale nebo už ještě velmi včera dnes zítra tři dva dvou dvě být mít má s k`,
  },
  turkish: {
    talk: `ben sen bana beni benim sana senin biz siz kim ne nasıl neden niye niçin nerede neresi kaç hangi merhaba selam
      teşekkürler lütfen yaz açıkla çevir özetle ver anlat hazırla oluştur yardım yardıma istiyorum misin mısın söyle öner
      düzelt nasılsın oğlum kızım annem babam ağrıyor ihtiyacım`,
    glue: `bir bu şu o ve veya ama ile için gibi kadar daha çok en de da mi mı mu mü değil var yok olan olarak hakkında
      göre sonra önce dün bugün yarın üç iki şiir cümle cümleyi metni mektup mektubu yapılır istemiyor yaptı`,
  },
  vietnamese: {
    talk: `tôi mình bạn anh em chị ai gì nào sao đâu tại xin chào cảm ơn hãy viết giúp dịch tóm tắt
      giải thích cho kể làm soạn cách tạo sửa muốn cần con thơ`,
    glue: `là của và các những một hai ba trong với để không có được này đó thì mà từ đến về ra vào trên dưới khi như
      cũng đã đang sẽ rất nhiều hôm nay qua câu bài bị chịu sang tiếng ngon`,
  },
  indonesian: {
    talk: `saya aku kamu anda kita kami apa siapa mengapa kenapa bagaimana kapan dimana berapa halo hai terima kasih
      tolong tuliskan tulis tulislah buatkan buat buatlah jelaskan terjemahkan ringkas beri berikan bantu bantuan butuh
      mau ingin bisa cara ceritakan kabar surat puisi resep anak ibu ayah`,
    glue: `yang dan di ke dari untuk dengan pada adalah ini itu tidak bukan akan sudah belum ada oleh sebagai atau
      tetapi tapi dalam tentang karena agar sebuah seorang satu dua tiga secara sejak kemarin hari besok juga lebih
      sangat kalimat teks`,
  },
  swedish: {
    talk: `jag du mig dig min mitt mina din vi ni vem vad hur varför när var vilken vilket hej tack snälla skriv
      förklara översätt sammanfatta ge gör hjälp hjälpa kan vill behöver berätta rätta dikt brev recept son dotter`,
    glue: `och eller men är var inte en ett den det de i på av för med till från om som att här där har hade ska till
      under över mycket igår idag imorgon tre två denna detta äta blir lagar man`,
  },
  danish: {
    talk: `jeg du mig dig min mit mine din vi hvem hvad hvordan hvorfor når hvor hvilken hej tak venligst skriv forklar
      oversæt opsummer giv lav hjælp hjælpe kan vil fortæl digt brev opskrift søn datter hva hvorfor`,
    glue: `og eller men er var ikke en et den det de i på af for med til fra om som at her der har havde skal under over
      meget igår idag tre to denne dette spise bliver man av etter`,
  },
  finnish: {
    talk: `minä sinä minun sinun me te kuka mikä mitä miten miksi milloin missä kuinka hei moi kiitos kirjoita selitä
      käännä tiivistä anna tee auta apua voitko haluan tarvitsen kerro runo kirje resepti poikani`,
    glue: `ja tai mutta on ovat oli ei en se ne tämä tämän että jos kun niin kuin myös vain jo hyvin eilen tänään kolme
      kaksi olla ole kanssa`,
  },
  romanian: {
    talk: `eu tu mie mea meu noi voi cine ce cum care unde când câte bună salut mulțumesc rog scrie explică tradu rezumă
      dă fă ajută ajutor vreau poți spune am nevoie scrisoare poezie rețetă fiul fiica`,
    glue: `și sau dar este sunt era nu un o una al ai ale a la de din în pe cu fără pentru prin despre acest această
      acești mai foarte ieri azi mâine trei două că să se fac vrea lui`,
  },
  hungarian: {
    talk: `én te nekem neked mi ti ki mit hogyan hogy miért mikor hol hány szia köszönöm kérem írj írd magyarázd fordítsd
      foglald adj segíts segítség segítségre tudsz szeretnék szükségem mondj verset levél recept fiam lányom kell`,
    glue: `a az egy és vagy de nem van volt lesz ez ezt azt meg is már még nagyon tegnap ma holnap három két akar össze
      le fel be akkor mert főzni enni`,
  },
  tagalog: {
    talk: `ako ko ikaw mo siya tayo kami sino ano bakit paano kailan saan ilan kumusta salamat pakiusap sumulat isulat
      ipaliwanag isalin ibuod bigyan gawin tulungan tulong kailangan gusto pwede anak liham tula`,
    glue: `ang ng mga sa na ay at o pero hindi may wala ito iyan iyon para tungkol kung din rin lang nang ayaw ngayon
      kahapon bukas isang dalawang tatlong ni`,
  },
  swahili: {
    talk: `mimi wewe sisi nani nini vipi kwanini lini wapi ngapi habari asante tafadhali andika eleza tafsiri nipe
      nisaidie msaada ninahitaji nataka unaweza shairi barua mwanangu upi`,
    glue: `na ya wa kwa ni za la cha katika kuhusu hii hiyo huu lakini au sana leo jana kesho tatu mbili kama yangu kula
      mkuu kazi hataki`,
  },
  romaji: {
    talk: `watashi boku ore anata kimi dare nani naze doushite dou doko itsu ikura donna kudasai onegai onegaishimasu
      arigatou konnichiwa oshiete kaite shite misete tetsudatte youyaku honyaku setsumei hoshii tsukurikata shi tsukutte`,
    glue: `wa wo no ga ni de to mo ka ne yo desu masu deshita mashita shita suru aru iru nai kono sono ano kore sore
      kyou ashita kinou tsuite kara made tabenai ii`,
  },
  hinglish: {
    talk: `mujhe mera meri mere main hum aap tum tumhara kya kaise kyun kyon kab kahan kaun kitna namaste dhanyavaad
      kripya likho likh batao bataiye samjhao karo kijiye madad chahiye beta beti maa kavita khata do`,
    glue: `ka ki ke ko se hai hain tha thi ho hota hoti nahi nahin aur ya lekin par mein ek yeh ye woh bhi hi bahut kal
      aaj liye wala banate karna`,
  },
  'russian in Latin letters': {
    talk: `ya ty mne menya moy moya moi tebya vy kto chto kak kakaya kakoy pochemu zachem kogda gde skolko privet spasibo
      pozhaluysta napishi obyasni perevedi rasskazhi pomogi skazhi sdelay podskazhi mozhesh khochu stihi dela syn doch
      svarit`,
    glue: `i v na s iz ot do po za dlya bez pro ne da eto etot eta tak no ili uzhe eshche ochen vchera segodnya zavtra
      tri dva byl est net domashnim`,
  },
  'arabic in Latin letters': {
    talk: `ana enta enti ezay ezayak leh leih eih emta fein kam shu keef kif 3ayez ayez momken sa3edni me7tag salam
      shukran marhaba mosa3da eh`,
    glue: `el fel bel men 3ala ala w aw mesh msh da di dah dol kol ya bas 3an`,
  },
};

/** Scripts that no vocabulary of operations is written in: their lists need not be kept apart. */
const OTHER_SCRIPTS: LanguageWords = {
  talk: `я ты мне меня мой моя моё мои тебя вы кто что как какая какой какие почему зачем когда где сколько привет
    здравствуйте спасибо пожалуйста напиши напишите объясни переведи расскажи помоги помогите скажи сделай составь
    подскажи перескажи можешь хочу стихи сын дочь дела болит придумай исправь дай
    мені мене моя мій хто що яка який чому коли де скільки привіт дякую будь ласка поясни переклади розкажи допоможи
    перекажи вірш син
    ما ماذا من كيف لماذا متى أين كم هل أنا أنت أعطني اكتب اشرح ترجم لخص ساعدني أريد أحتاج عندي مرحبا شكرا ابني لي
    چه چرا کجا کجاست چگونه چطور کی من تو مرا برایم بنویس ترجمه خلاصه توضیح کمک سلام پسرم بده کن
    מה מי איך למה מתי איפה כמה אני אתה לי שלי כתוב הסבר תרגם סכם עזרה צריך תודה שלום הבן
    क्या कैसे क्यों कब कहाँ कहां कौन कितना मुझे मेरा मेरी मैं आप तुम लिखो लिखें बताओ बताएं समझाओ करो दो मदद चाहिए
    नमस्ते बेटा
    কি কী কে কেন কীভাবে কখন কোথায় আমি আমার আপনি তুমি লেখো লিখো করো দাও সাহায্য দরকার ছেলে
    என் எது யார் ஏன் எப்படி எங்கே எழுது
    τι ποιος ποια ποιο πώς γιατί πότε πού πόσο εγώ εσύ μου σου γράψε εξήγησε κάνε δώσε βοήθεια χρειάζομαι γεια
    ευχαριστώ παρακαλώ θέλω μπορείς`,
  glue: `и в на не с по из от до за для о об у это этот эта эти так но или уже очень вчера сегодня завтра три был есть
    нет к во со мы он она они его её их при без
    і та це цей ця з у від про
    في على إلى عن مع هذا هذه ذلك التي الذي لا لم أن إن كان هو هي أو ثم منذ أمس اليوم ثلاث
    در به از با این آن که را و یک است برای درباره هم نمی
    של את על עם הוא היא זה לא אל או גם כל
    है हैं का की के में से पर एक यह वह नहीं और को ने भी इस कल आज तो
    এই ও একটি না নিয়ে থেকে জন্য আছে
    ஒரு இந்த
    ο η το του της των ένα μια και ή αλλά είναι δεν με για από στο στη σε αυτό τα οι τη τον`,
};

/** The languages of the Latin script, by the bit of their place in this list. */
export const LANGUAGES: readonly string[] = Object.keys(LATIN);

const TALK_OF: ReadonlyMap<string, number> = maskedWords(({ talk }) => talk);
const GLUE_OF: ReadonlyMap<string, number> = maskedWords(({ glue }) => glue);
const OTHER_TALK: ReadonlySet<string> = new Set(foldedWords(OTHER_SCRIPTS.talk));
const OTHER_GLUE: ReadonlySet<string> = new Set(foldedWords(OTHER_SCRIPTS.glue));

function maskedWords(part: (words: LanguageWords) => string): ReadonlyMap<string, number> {
  const masks = new Map<string, number>();
  for (const [index, words] of Object.values(LATIN).entries())
    for (const word of foldedWords(part(words))) masks.set(word, (masks.get(word) ?? 0) | (1 << index));
  return masks;
}

function foldedWords(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(folded);
}

/** In which languages of the Latin script a folded word is talk: a bit for each. */
export function talkLanguages(word: string): number {
  return TALK_OF.get(word) ?? 0;
}

/** In which of them it is glue. */
export function glueLanguages(word: string): number {
  return GLUE_OF.get(word) ?? 0;
}

/** What a folded word of another script is. */
export function otherScriptWord(word: string): 'talk' | 'glue' | 'unknown' {
  if (OTHER_TALK.has(word)) return 'talk';
  return OTHER_GLUE.has(word) ? 'glue' : 'unknown';
}
