#!/usr/bin/env node
require('../dist/orderly.cjs');
