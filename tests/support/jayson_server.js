// A JSON-RPC service of jayson, which takes at most 100 calls in a batch.
//
// Usage:   node jayson_server.js FOLDER PORT    FOLDER holds node_modules/jayson.
'use strict';

const [folder, port] = process.argv.slice(2);
const jayson = require(`${folder}/node_modules/jayson`);

const methods = {
    add: ([a, b], done) => done(null, a + b),
    fail: (_, done) => done({code: 7, message: 'it fails'}),
};
new jayson.Server(methods, {maxBatchLength: 100}).http().listen(Number(port), '127.0.0.1');
