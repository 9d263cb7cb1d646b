/** Words as a set; the lists are our own, from general knowledge of the languages. */
function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}

/** Talk between a person and a machine. */
export const CONVERSATION_WORDS = words(`
  i me my mine myself i'm i've i'd i'll you your yours yourself you're you've he she him her hers his they them their we
  our us ours we're
  please thanks thank hello hi hey dear sorry want need love hate feel think believe know like help wish hope
  what what's who who's whom whose why why's how how's where where's when which could would should shall might
  write explain tell give create translate summarize summarise describe imagine pretend act compose draft rewrite
  suggest recommend compare analyze analyse generate list show teach let make proofread paraphrase rephrase brainstorm
  outline elaborate roleplay cook bake plan
  yes sure certainly course here's let's don't can't it's that's there's isn't doesn't won't didn't wasn't couldn't
  story poem essay letter email recipe song speech article joke riddle haiku lyrics
  friend mother father husband wife child daughter son mom dad mum grandma grandmother grandfather uncle aunt boyfriend
  girlfriend doctor patient life family school money boss city country world history book
`);

/** The glue of sentences in English. */
export const FUNCTION_WORDS = words(`
  a an the and or but if then than that this these those is are was were be been being am has have had do does did
  of to in on at by for with from about into over under between through during before after above below up down out
  as it its not no nor so such too very just also only own same both each few more most other some any all
  can will may must there here while because until although though however therefore
  everyone everybody anyone someone nobody something anything everything nothing none one another such against among upon
  within without whether either neither else still already always never often again even ever less least much many
  since toward towards across around behind beyond during yet unless instead per
`);

/** What people talk about, and names of columns, services and errors are not made of. */
export const EVERYDAY_WORDS = words(`
  people person man woman men women boy girl baby kid kids parent parents brother sister cousin neighbor neighbour guest
  landlord tenant teacher student lawyer nurse friend friends colleague
  house home room kitchen bathroom bedroom garden street village town beach sea ocean river lake mountain forest island
  sky sun moon star stars rain snow wind weather summer winter spring autumn
  food water bread rice pasta pizza cake soup salad chicken beef pork fish egg eggs milk cheese coffee tea wine beer sugar
  salt fruit apple banana orange potato tomato onion garlic chocolate breakfast lunch dinner meal restaurant bakery
  dog dogs cat cats horse bird birds cow pig mouse elephant lion tiger bear dragon animal animals tree trees flower flowers
  car bike bicycle bus plane flight hotel trip travel vacation holiday weekend ticket tickets passport
  head hand hands eye eyes ear nose mouth tooth teeth hair heart knee leg legs foot feet arm skin blood pain headache
  fever cough sick illness disease cancer diabetes pregnant pregnancy medicine pills surgery hospital therapy anxiety
  depression sleep weight diet exercise workout yoga running
  morning evening night tonight today tomorrow yesterday week weeks month months year years birthday christmas wedding
  marriage divorce funeral party gift present
  good bad best better worst worse nice great beautiful ugly happy sad angry tired hungry afraid lonely funny boring cheap
  expensive old young little big small tall short long hot cold warm red blue green yellow white black pink brown
  easy difficult hard simple famous favorite favourite important interesting romantic healthy dangerous lovely
  eat eats drink drinks cooking boil fry buy sell pay wear sit stand walk run swim drive fly sing dance play plays read
  reads learn study teach speak talk say says said ask answer listen hear see saw look looks watch smell taste touch laugh
  cry smile kiss marry die died dies kill born live lives living grow lose lost win won fight forget remember dream
  understand mean means meaning happen happened happens become became bring brought buy bought caught choose fall fell
  left leave leaves meet met pray quit refuse invite decline
  word words sentence sentences paragraph paragraphs grammar spelling essay novel chapter character characters movie
  movies film music song songs guitar piano painting art artist author poet poetry science math mathematics physics
  chemistry biology geography philosophy religion god church bible war peace king queen president government election
  law crime police prison court judge contract rent deposit salary job interview resume homework exam university college
  english french german spanish italian chinese japanese russian korean greek latin arabic portuguese hindi
  america europe africa asia china japan india france germany spain italy russia england london paris naples lisbon berlin
  tokyo capital population century ancient planet earth cell cells powerhouse fix wrong reason difference between
  advantages disadvantages example examples idea ideas tips steps step bullet points beginner
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
  verified verify modify triggering management purpose identifier pricing tier region operation documentation docs
  alerts alerting webhook slack email_sent workflow agent agents server_name mcp monitoring monitor
`);
