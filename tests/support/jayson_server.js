// A JSON-RPC service of jayson, which takes at most 100 calls in a batch.
//
// Usage:   node jayson_server.js PACKAGE PORT    PACKAGE is the folder of jayson.
'use strict';

const [package_, port] = process.argv.slice(2);
const jayson = require(package_);

const methods = {
    add: ([a, b], done) => done(null, a + b),
    fail: (_, done) => done({code: 7, message: 'it fails'}),
};
new jayson.Server(methods, {maxBatchLength: 100}).http().listen(Number(port), '127.0.0.1');
