// What jayson's own client needs for many POSTs, for comparison with "hail batch".
//
// Usage:   node jayson_client.js FOLDER URL CALLS CONNECTIONS    FOLDER holds node_modules/jayson.
// Shape:   one call a POST, over kept connections; exit 1 if one of them fails.
'use strict';

const http = require('http');
const [folder, url, calls, connections] = process.argv.slice(2);
const jayson = require(`${folder}/node_modules/jayson`);

const {hostname, port} = new URL(url);
const agent = new http.Agent({keepAlive: true, maxSockets: Number(connections)});
let id = 0;
const generator = () => ++id; // the server reads numbers only
const client = jayson.Client.http({hostname, port, agent, generator});

let left = Number(calls);
const next = () => {
    if (left-- <= 0) {
        return;
    }
    client.request('eth_getBalance', ['0x52908400098527886e0f7030069857d2e4169ee7', 'latest'], (error) => {
        if (error) {
            console.error(error);
            process.exit(1);
        }
        next();
    });
};
for (let i = 0; i < Number(connections); ++i) {
    next();
}
process.on('exit', () => agent.destroy());
