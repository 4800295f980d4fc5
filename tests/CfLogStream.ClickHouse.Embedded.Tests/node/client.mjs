// Runs the official client for Node against the server that the environment names, and fails on the first surprise.
import assert from "node:assert/strict";
import { createClient } from "@clickhouse/client";

const url = process.env.CLICKHOUSE_URL;

for (const compression of [{ request: false, response: false }, { request: true, response: true }]) {
  const client = createClient({ url, username: "owner", password: process.env.CLICKHOUSE_PASSWORD, compression });
  assert.equal((await client.ping()).success, true);
  await client.command({ query: "CREATE DATABASE IF NOT EXISTS node_db" });
  await client.command({ query: "DROP TABLE IF EXISTS node_db.t" });
  await client.command({ query: "CREATE TABLE node_db.t (n UInt32, s String) ENGINE = MergeTree ORDER BY n", clickhouse_settings: { wait_end_of_query: 1 } });
  const values = Array.from({ length: 50_000 }, (_, n) => ({ n, s: `s'${n}\n` }));
  const inserted = await client.insert({ table: "node_db.t", values, format: "JSONEachRow" });
  assert.equal(inserted.executed, true);
  assert.equal(inserted.summary.written_rows, "50000");

  const json = await (await client.query({ query: "SELECT count() AS c, sum(n) AS s FROM node_db.t", format: "JSON" })).json();
  assert.deepEqual(json.data, [{ c: 50000, s: 1249975000 }]);
  assert.equal(json.rows, 1);

  const bound = await client.query({
    query: "SELECT s FROM node_db.t WHERE n IN {list:Array(UInt32)} AND s != {not:String} ORDER BY n",
    query_params: { list: [1, 2, 3], not: "s'2\n" },
    format: "JSONEachRow",
    query_id: `node-${compression.request}`,
  });
  assert.equal(bound.query_id, `node-${compression.request}`);
  assert.deepEqual(await bound.json(), [{ s: "s'1\n" }, { s: "s'3\n" }]);

  let rows = 0;
  const stream = (await client.query({ query: "SELECT number FROM numbers(200000)", format: "JSONCompactEachRow" })).stream();
  for await (const batch of stream) {
    rows += batch.length;
  }
  assert.equal(rows, 200_000);

  await assert.rejects(client.query({ query: "SELECT * FROM node_db.nope" }), error => error.code === "60" && error.type === "UNKNOWN_TABLE");
  await assert.rejects(client.insert({ table: "node_db.t", values: [{ n: "x" }], format: "JSONEachRow" }));
  const failing = await client.query({ query: "SELECT throwIf(number = 1000000, 'boom') AS n FROM numbers(2000000)", format: "JSONEachRow" });
  await assert.rejects(async () => {
    for await (const batch of failing.stream()) {
      assert.ok(batch.length > 0);
    }
  });

  const abort = new AbortController();
  const slow = client.query({ query: "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1 /* node_aborted */", abort_signal: abort.signal });
  setTimeout(() => abort.abort(), 200);
  await assert.rejects(slow);
  await client.close();
}

const refused = createClient({ url, username: "owner", password: "wrong" });
await assert.rejects(refused.query({ query: "SELECT 1" }), error => error.code === "516");
await refused.close();
console.log("all good");
