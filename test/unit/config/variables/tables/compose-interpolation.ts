/**
 * Interpolation as Docker Compose does it: each point of the tables of its library, with words of our own.
 *
 * Source: compose-spec/compose-go v2.16.2, `template/template_test.go`.
 */
import { agree, loud, refused, type Table, withEnvironment } from './row.ts';

const GIVEN = { TOWN: 'oslo', HOLE: '', PAIR: '{"kiwi":2}' };
const NOT_SET = 'the variable GONE is not set';
const BARE = 'Nothing expands "$TOWN"';

export const composeInterpolation: Table<string> = {
  source: 'compose-go, interpolation',
  rows: withEnvironment(GIVEN, [
    agree('a doubled dollar before a brace', '$${town}', '${town}'),
    agree('no dollar', 'plum', 'plum'),
    agree('a dollar between spaces', 'fig $ plum', 'fig $ plum'),
    agree('a dollar at the end of an expression', '^FIG$', '^FIG$'),
    agree('a dollar before a closing brace', '$}', '$}'),
    agree('nothing but a dollar', '$', '$'),

    refused('a brace that is not closed', '${'),
    refused('braces around nothing', '${}'),
    refused('braces around a space', '${ }'),
    refused('a space before the name', '${ town}'),
    refused('a space behind the name', '${town }'),
    refused('what no name has', '${town!}'),

    loud('no braces, and a dash behind it', '$TOWN-fig', 'oslo-fig', BARE),
    loud('unset, without a default', 'fig ${GONE} plum', 'fig  plum', NOT_SET),
    agree('empty, without a default', 'fig ${HOLE} plum', 'fig  plum'),
    loud('set, no braces', 'fig $TOWN plum', 'fig oslo plum', BARE),
    agree('set, in braces', 'fig ${TOWN} plum', 'fig oslo plum'),
    agree('unset, a default with a colon', 'fig ${GONE:-kiwi}', 'fig kiwi'),
    agree('unset, a default without a colon', 'fig ${GONE-kiwi}', 'fig kiwi'),

    agree('what is not taken is not looked at', '${GONE:+${GONE},}plum', 'plum'),
    loud('a default that is unset itself', '${GONE:-${LOST}}', '', 'the variable LOST is not set'),
    agree('a message that is not needed is not looked at', '${TOWN?${GONE}}', 'oslo'),

    agree('empty, a default with a colon', 'fig ${HOLE:-kiwi}', 'fig kiwi'),
    agree('set, a default with a colon', 'fig ${TOWN:-kiwi}', 'fig oslo'),
    agree('empty, a default without a colon', 'fig ${HOLE-kiwi}', 'fig '),
    agree('unset, an alternative with a colon', 'fig ${GONE:+kiwi}', 'fig '),
    agree('unset, an alternative without a colon', 'fig ${GONE+kiwi}', 'fig '),
    agree('set, an alternative with a colon', 'fig ${TOWN:+kiwi}', 'fig kiwi'),
    agree('set, an alternative without a colon', 'fig ${TOWN+kiwi}', 'fig kiwi'),
    agree('empty, an alternative without a colon', 'fig ${HOLE+kiwi}', 'fig kiwi'),
    agree('empty, an alternative with a colon', 'fig ${HOLE:+kiwi}', 'fig '),
    agree('signs within a default', 'fig ${HOLE:-/kiwi:-lime}', 'fig /kiwi:-lime'),

    agree('a dash before it', '-fig ${HOLE:-kiwi}', '-fig kiwi'),
    agree('a plus before it, and a default within one', '+fig ${GONE:-${HOLE-kiwi}}', '+fig '),
    agree('a dash before what is set', '-fig ${TOWN:-kiwi}', '-fig oslo'),
    agree('a colon and a dash before what is unset', ':-fig ${GONE-kiwi}', ':-fig kiwi'),
    agree('a colon and a dash before what is empty', ':-fig ${HOLE-kiwi}', ':-fig '),
    agree('a colon and a question mark before it', ':?fig ${HOLE-kiwi}', ':?fig '),
    agree('the same before a default with a colon', ':?fig ${HOLE:-kiwi}', ':?fig kiwi'),
    agree('a colon and a plus before it', ':+fig ${HOLE:-kiwi}', ':+fig kiwi'),
    agree('a plus before it', '+fig ${HOLE-kiwi}', '+fig '),
    agree('a question mark before it', '?fig ${HOLE:-kiwi}', '?fig kiwi'),

    loud('a bare name as the default', 'fig ${GONE-$TOWN}', 'fig oslo', BARE),
    agree('braces as the default', 'fig ${GONE-${TOWN}}', 'fig oslo'),
    agree('two of them as the default', 'fig ${GONE-${TOWN} ${TOWN}}', 'fig oslo oslo'),
    loud('a bare name as the default of what is empty', 'fig ${HOLE:-$TOWN}', 'fig oslo', BARE),
    agree('braces as the default of what is empty', 'fig ${HOLE:-${TOWN}}', 'fig oslo'),
    agree('two of them as the default of what is empty', 'fig ${HOLE:-${TOWN} ${TOWN}}', 'fig oslo oslo'),
    loud('a bare name as the alternative', 'fig ${HOLE+$TOWN}', 'fig oslo', BARE),
    loud('both as the alternative', 'fig ${HOLE+$TOWN ${TOWN:+kiwi}}', 'fig oslo kiwi', BARE),

    refused('unset, a message with a colon', 'fig ${GONE:?Set the town}'),
    refused('empty, a message with a colon', 'fig ${HOLE:?Set the town}'),
    refused('unset, an empty message with a colon', 'fig ${GONE:?}'),
    refused('unset, a message without a colon', 'fig ${GONE?Set the town}'),
    refused('unset, an empty message without a colon', 'fig ${GONE?}'),
    refused('a variable in the message with a colon', 'fig ${GONE:?Set it as ${TOWN}}'),
    refused('a variable in the message without a colon', 'fig ${GONE?Set it as ${TOWN}}'),
    agree('set, a message with a colon', 'fig ${TOWN:?kiwi}', 'fig oslo'),
    agree('set, a message without a colon', 'fig ${TOWN?kiwi}', 'fig oslo'),
    agree('empty, a message without a colon', 'fig ${HOLE?kiwi}', 'fig '),
    agree('a default and a message, one behind the other', 'fig ${GONE:-kiwi}.${TOWN:?}', 'fig kiwi.oslo'),

    refused('a dash within a message', '${GONE?kiwi-lime}'),
    agree('a question mark within a default', '${GONE-kiwi?lime}', 'kiwi?lime'),
    agree('a dash within a message that is not needed', '${TOWN?kiwi-lime}', 'oslo'),
    agree('underscores within a default', '${HOLE:-kiwi_for_the_hole}', 'kiwi_for_the_hole'),
    agree('underscores within a default of what is unset', '${GONE-kiwi_for_the_gone}', 'kiwi_for_the_gone'),

    refused('the first sign counts: a message with a colon', '${HOLE:?ki?wi}'),
    agree('the first sign counts: a message, then one with a colon', '${HOLE?ki:?wi}', ''),
    agree('the first sign counts: a message, then a dash', '${HOLE?ki-wi+fig:?plum}', ''),
    agree('the first sign counts: a message, then a plus', '${HOLE?ki+wi-fig:?plum}', ''),
    agree('the first sign counts: a default with a colon', '${HOLE:-kiwi}', 'kiwi'),
    agree('the first sign counts: a default, then one with a colon', '${GONE-ki:-wi:?fig}', 'ki:-wi:?fig'),
    agree('the first sign counts: a default, then a plus', '${GONE-ki+wi?fig}', 'ki+wi?fig'),
    agree('the first sign counts: a default, then a question mark', '${GONE-ki?wi+fig}', 'ki?wi+fig'),
    agree('the first sign counts: an alternative with a colon', '${HOLE:+ki:?wi:-fig}', ''),
    agree('the first sign counts: an alternative, then one with a colon', '${HOLE+ki:+wi}', 'ki:+wi'),
    agree('the first sign counts: an alternative, then a question mark', '${HOLE+ki?wi-fig}', 'ki?wi-fig'),
    agree('the first sign counts: an alternative, then a dash', '${HOLE+ki-wi?fig}', 'ki-wi?fig'),

    agree('braces within a default with a colon', 'fig ${GONE:-{"kiwi":1}}', 'fig {"kiwi":1}'),
    agree('braces within a default without a colon', 'fig ${GONE-{"kiwi":1}}', 'fig {"kiwi":1}'),
    agree('braces in the value, and a default with a colon', 'fig ${PAIR:-{"kiwi":1}}', 'fig {"kiwi":2}'),
    agree('braces in the value, and a default without one', 'fig ${PAIR-{"kiwi":1}}', 'fig {"kiwi":2}'),
  ]),
};
