#!/bin/sh
# May not be executed.
