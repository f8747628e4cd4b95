#!/bin/sh
# Another program.
echo "usage: stranger"
