#!/bin/sh
# A clean-up that says what it was told about the instance.
echo "$ORDERLY_SERVICE#$ORDERLY_ATTEMPT code=$ORDERLY_EXIT_CODE signal=$ORDERLY_EXIT_SIGNAL reason=$ORDERLY_STOP_REASON"
