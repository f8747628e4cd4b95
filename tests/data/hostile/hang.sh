#!/bin/sh
# Greets as a process does that reads for kaohe.
greeting="kaohe $CARGO_PKG_VERSION"
printf "\\$(printf %03o ${#greeting})\0\0\0\0\0\0\0%s\004kaohe\r\n" "$greeting"
# Reads for ever.
while :; do :; done
