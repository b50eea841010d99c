/**
 * What the guardian executes, in POSIX shell: dash, bash and busybox do.
 *
 * It hears on its standard input what is spawned and what is gone. When that ends without the word `q`, the supervisor
 * has been killed: then it kills all that is left, and ends. It is given only PATH, so that it never finds itself.
 *
 *     +PID:START   spawned, leads a group     -PID   gone
 *     =PID:START   spawned, leads none        cPATH  the cgroup of the run     q  all is well
 *     mSECRET      the secret in the environment of everything of the run: it is in no command line, which all can read
 */

/** What it never ends by, once it has begun. */
export const GUARDIAN_IGNORES = 'HUP INT TERM QUIT USR1 USR2 ALRM PIPE TSTP TTIN TTOU';

/** A start is field 22 of proc(5)'s stat: a pid is given out again, but never with the same one. `$1`, the name of the run, is for who reads a list of processes. */
export const GUARDIAN_SCRIPT = `
trap '' ${GUARDIAN_IGNORES}
unset GUARDIAN
mark= cgroup=
while IFS= read -r line; do
  word=\${line#?}
  case $line in
    +*) eval "g\${word%%:*}=\${word#*:}" ;;
    =*) eval "p\${word%%:*}=\${word#*:}" ;;
    -*) unset "g$word" "p$word" ;;
    c*) cgroup=$word ;;
    m*) mark=$word ;;
    q) exit 0 ;;
  esac
done

# The fields after the name, which may hold anything, a newline too: they follow its last parenthesis.
stat() {
  fields=
  while IFS= read -r line; do fields=$line; done <"/proc/$1/stat"
  fields=\${fields##*) }
}

# Sessions and their groups as far as anybody is in them: " SESSION:GROUP ".
look() {
  seen=' '
  for folder in /proc/[0-9]*; do
    stat "\${folder#/proc/}"
    set -- $fields
    [ $# -gt 3 ] && seen="$seen$4:$3 "
  done
}

# Root without CAP_KILL may not signal a process of another user, but become that user. $1 is the process, $2 whom to kill.
slay() {
  kill -KILL "$2" && return
  uid=
  while read -r key uid rest; do [ "$key" = Uid: ] && break; done <"/proc/$1/status"
  [ -n "$uid" ] && setpriv --reuid "$uid" /bin/sh -c 'kill -s KILL -- "$1"' sh "$2"
}

kill_spawned() {
  seen=
  set | while IFS='=' read -r name start; do
    case $name in [gp][1-9]*) ;; *) continue ;; esac
    start=\${start#\\'} pid=\${name#?}
    start=\${start%\\'}
    stat "$pid"
    set -- $fields
    if [ $# -gt 19 ]; then
      [ "\${20}" = "$start" ] || continue
    else
      # The leader is gone; while its number is that of a session nobody else can have got it.
      [ -n "$seen" ] || look
      case $seen in *" $pid:$pid "*) ;; *) continue ;; esac
    fi
    case $name in
      g*) slay "$pid" "-$pid" ;;
      p*) slay "$pid" "$pid" ;;
    esac
  done
}

# Whatever left its group is known by its environment. Again until nothing is found, twice: what is killed may have
# forked, and while a program is executed its environment is not to be seen.
kill_marked() {
  round=0
  without=0
  while [ -n "$mark" ] && [ $round -lt 100 ]; do
    # Its status tells of files that can't be read, which there always are. With -F some busybox stop at the first NUL.
    found=$(echo "ORDERLY_MARK=$mark" | grep -ls -f - /proc/[0-9]*/environ)
    [ -n "$found" ] && without=0 || without=$((without + 1))
    [ $without -lt 2 ] || break
    for file in $found; do
      file=\${file#/proc/}
      file=\${file%/environ}
      slay "$file" "$file"
    done
    round=$((round + 1))
  done
}

# In a pid namespace that hasn't mounted its own /proc the numbers there are those of others.
IFS=' ' read -r self rest </proc/self/stat
[ "$self" = $$ ] || exit 1

[ -n "$cgroup" ] && echo 1 >"$cgroup/cgroup.kill"
kill_spawned
kill_marked
# What was killed is counted there for some milliseconds more.
round=0
while [ -n "$cgroup" ] && [ -d "$cgroup" ] && [ $round -lt 100 ]; do
  rmdir "$cgroup"/*/ "$cgroup"
  round=$((round + 1))
done
exit 0
`;
