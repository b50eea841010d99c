#!/bin/sh
# Has the line ends of Windows.
