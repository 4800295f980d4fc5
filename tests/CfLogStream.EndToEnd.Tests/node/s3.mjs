// An S3 server on this machine for the tests of buckets: node s3.mjs FOLDER PORT. Prints its port; ends when its input does.
import S3rver from '@20minutes/s3rver'

const [, , directory, port] = process.argv
const server = new S3rver({
  address: '127.0.0.1',
  port: Number(port),
  directory,
  silent: true,
  // It computes the signature of a listing otherwise than AWS's client does. It still refuses unknown keys.
  allowMismatchedSignatures: true,
  configureBuckets: [{ name: 'logs' }],
})
console.log((await server.run()).port)
process.stdin.on('end', () => process.exit(0)).resume()
