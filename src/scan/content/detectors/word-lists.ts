/** Words as a set; the lists are our own, from general knowledge of the languages. */
function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}

/** Talk between a person and a machine. */
export const CONVERSATION_WORDS = words(`
  i me my mine myself i'm i've i'd i'll you your yours you're he she him her his they them their we our us
  please thanks thank hello hi dear sorry want need love hate feel think believe know like help
  what who whom whose why how where when which could would should shall might
  write explain tell give create translate summarize summarise describe imagine pretend act compose draft rewrite
  suggest recommend compare analyze analyse generate list show teach let make
  yes sure certainly course here's let's don't can't it's that's there's isn't doesn't won't
  story poem essay letter email recipe song speech article friend mother father husband wife child daughter son
  scrivi scrivimi spiega dimmi mia mio escribe explica dime escreva bitte schreibe tolong tuliskan jelaskan saya
  doctor patient life family school love money job boss city country world history book
`);

/** The glue of sentences in English and some other languages of the Latin script. */
export const FUNCTION_WORDS = words(`
  a an the and or but if then than that this these those is are was were be been being am has have had do does did
  of to in on at by for with from about into over under between through during before after above below up down out
  as it its not no nor so such too very just also only own same both each few more most other some any all
  can will may must there here while because until although though however therefore
  de la que el los las del por un una para con se su como pero más le les des et est une pour dans qui il ne pas sur
  der die das und den dem mit von zu ist nicht ein eine auf für sich auch wie ich du sie wir
  sulla sul sui della delle dei nella nel untuk tentang yang dengan adalah
  di che per non sono della o os as um uma não em dos het een van en dat op te zijn
`);

/** What operators write into logs and error texts. */
export const OPERATIONAL_WORDS = words(`
  error errors exception exceptions failed failure failures fail fails failing raised raise raises exceeded exceed
  invalid unknown missing required unsupported supported unexpected expected unauthorized forbidden denied allowed
  disallowed unavailable available timeout timed retry retries retrying fallback fallbacks limit limits rate quota
  budget budgets cost costs spend token tokens key keys api auth authentication authorization permission permissions
  request requests response responses model models deployment deployments provider providers upstream server client
  connection connect connected http https url uri endpoint endpoints status code codes header headers body payload
  parameter parameters param params argument arguments field fields value values type format schema json parse parsing
  parsed validation validate validated guardrail guardrails blocked block blocking violation violations violated policy
  policies content filter filtered filtering moderation flagged masked detected detection threshold score scan scanning
  input inputs output outputs prompt prompts message messages completion completions embedding embeddings stream
  streaming chunk chunks context window length maximum minimum max min size user users team teams org organization
  organizations project projects customer customers session sessions id ids name names config configuration settings
  setting set enabled disabled default database db redis cache cached table record records row rows query entry entries
  found find lookup looking update updated updating create created creating delete deleted deleting get got getting
  fetch fetching load loading loaded save saving log logs logging logger metric metrics tracking usage premium license
  litellm openai azure bedrock anthropic vertex gemini proxy router gateway call calls called calling callback callbacks
  tool tools function hook hooks event events mode action actions result results returned returning return returns
  internal service services system unable cannot could not be must provided provide provide given pass passed passing
  skipped skipping skip skips initialize initialized initialization check checking checks checked health healthy
  unhealthy access group groups role roles admin entity resource resources credential credentials secret secrets
  environment variable variables instance class object string integer number boolean list dict map mapping bytes file
  files upload uploaded image audio test tests handler handling handle handled process processing processed run running
  started starting start stopped ended job jobs task tasks queue worker thread pool attempt attempts async sync
  module import install installed package version release operation operations method methods overload overloaded
  bad not-found conflict gone redirect certificate ssl tls dns socket network host port address reset refused closed
  aborted cancelled canceled pending active inactive expired expire expires expiration ttl interval seconds minutes ms
  hour hours day month per minute tpm rpm current remaining reached many try again later contact support
  additional extra optional option options custom specified specify configured detail details reason description
  data source target destination path route routes permitted matching match matched matches pattern regex rule rules
  generic base original raw metadata tag tags attribute attributes property properties index indexes budget_limit
  apply applied applying sanitization sanitized redacted anonymized pii entities injection jailbreak security alert
  alerts alerting webhook slack email_sent workflow agent agents server_name mcp monitoring monitor
`);
