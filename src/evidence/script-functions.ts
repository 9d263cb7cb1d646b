/**
 * The functions that an export script is made of. Bash and POSIX tools only, so that it runs wherever the AWS CLI
 * does; without `set -e`, since a command that fails is an answer that goes into the index.
 */
export const SCRIPT_FUNCTIONS: readonly string[] = String.raw`
set -u
umask 077
export AWS_PAGER='' LC_ALL=C
root='export'
[ $# -eq 0 ] || root=$1
mkdir -p "$root" || exit 70
root=$(cd "$root" && pwd)
work=$(mktemp -d) || exit 70
trap 'finish; rm -rf "$work"' EXIT
folder='' number=0

# begin ACCOUNT REGION: what follows goes into the folder of this place.
begin() {
  finish
  folder=$root/$1/$2
  if [ -e "$folder" ] && [ ! -e "$work/begun.$1.$2" ]; then
    echo "expected an empty folder, found an earlier export in $folder" >&2
    folder=''
    exit 64
  fi
  mkdir -p "$folder" || exit 70
  : >"$work/begun.$1.$2"
  rm -f "$work"/list.*
}

# finish: writes the index of the place, or adds to the one that is there.
finish() {
  [ -n "$folder" ] && [ -s "$work/index" ] || return 0
  : >"$work/before"
  [ ! -s "$folder/index.json" ] || sed -e '1d' -e '$d' -e 's/$/,/' -e 's/,,$/,/' "$folder/index.json" >"$work/before"
  { echo '['; cat "$work/before"; sed '$!s/$/,/' "$work/index"; echo ']'; } >"$work/index.json"
  mv "$work/index.json" "$folder/index.json"
  rm -f "$work/index"
}

# json TEXT: as a JSON string. Control characters become spaces.
json() { printf '"%s"' "$(printf '%s' "$1" | tr '\000-\037' ' ' | sed 's/[\\"]/\\&/g')"; }

# note FILE TIME CODE ERROR COMMAND...: one entry of the index.
note() {
  local file=$1 time=$2 code=$3 error=$4
  shift 4
  printf '{"file":%s,"command":%s,"time":"%s","exitCode":%d,"error":%s}\n' \
    "$(json "$file")" "$(json "aws $*")" "$time" "$code" "$(json "$error")" >>"$work/index"
}

# call COMMAND...: runs a command of the AWS CLI, keeps what it prints, and notes what became of it.
call() {
  local file time code
  number=$((number + 1))
  file=$(printf '%04d-%s-%s.json' "$number" "$1" "$2")
  aws "$@" --output json >"$folder/$file" 2>"$work/error" </dev/null
  code=$?
  time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  [ "$code" -eq 0 ] || rm -f "$folder/$file"
  note "$file" "$time" "$code" "$(head -c 2000 "$work/error")" "$@"
}

# keep LIST PARENT QUERY COMMAND...: the ids of the same answer, for the commands that ask for each.
keep() {
  local list=$work/list.$1 parent=$2 query=$3
  shift 3
  aws "$@" --query "$query" --output text 2>/dev/null </dev/null |
    tr -s '\t ' '\n' | grep -v -e '^None$' -e '^$' |
    while IFS= read -r id; do printf '%s\t%s\n' "$parent" "$id"; done >>"$list"
}

# kept LIST...: lines of parent and id, each id once.
kept() {
  local list
  for list in "$@"; do cat "$work/list.$list" 2>/dev/null; done | sort -u
}

# ids LIST...: each id once, whatever listed it.
ids() { kept "$@" | cut -f 2 | sort -u; }

# batched SIZE: lines of parent and up to SIZE ids of it.
batched() {
  awk -F '\t' -v size="$1" '
    n > 0 && ($1 != parent || n == size) { print parent "\t" ids; n = 0 }
    n == 0 { parent = $1; ids = $2; n = 1; next }
    { ids = ids " " $2; n++ }
    END { if (n > 0) print parent "\t" ids }'
}

# unparented: ids as lines without a parent, for batched.
unparented() { awk '{ print "-\t" $0 }'; }

# fetch BUCKET FOLDER REGION: the log objects of a folder, by their keys.
fetch() {
  local key code
  while IFS= read -r key <&3; do
    mkdir -p "$root/logs/$(dirname "$key")"
    aws s3api get-object --bucket "$1" --key "$key" "$root/logs/$key" --region "$3" >/dev/null 2>"$work/error" </dev/null
    code=$?
    [ "$code" -eq 0 ] || note "$key" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$code" "$(head -c 2000 "$work/error")" s3api get-object --bucket "$1" --key "$key" --region "$3"
  done 3< <(aws s3api list-objects-v2 --bucket "$1" --prefix "$2" --query 'Contents[].[Key]' --output text --region "$3" 2>/dev/null | grep -v '^None$')
}
`
  .trim()
  .split('\n');
