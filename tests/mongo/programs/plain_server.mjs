// The documented request as a plain program does it: find, look for the number, update, and a record
// of it, each a question to the database, one request at a time with as many at once as there are
// connections. Nothing keeps two requests from giving one number to two people.
//
// usage: plain_server.mjs URL SECRET_FILE; says the port that it serves on
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { MongoClient, ObjectId } from 'mongodb';

const [url, secretFile] = process.argv.slice(2);
const key = createSecretKey(readFileSync(secretFile));
const client = await new MongoClient(url, { maxPoolSize: 100 }).connect();
const users = client.db().collection('users');
const changes = client.db().collection('changes');
const majority = { writeConcern: { w: 'majority', j: true } };
const path = 'personalInformation.rcExtension';

const administratorOf = (authorization = '') => {
  const [, token = ''] = authorization.split(' ');
  const [header, payload, signature = ''] = token.split('.');
  const mac = createHmac('sha256', key).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (mac.length !== given.length || !timingSafeEqual(mac, given)) {
    return null;
  }
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  return claims.role === 'admin' && claims.exp * 1000 > Date.now() ? claims : null;
};

const app = Fastify();
app.put('/user/update-rcextension', async (request, reply) => {
  const administrator = administratorOf(request.headers.authorization);
  if (!administrator) {
    return reply.code(401).send({ error: { code: 'UNAUTHORIZED' } });
  }
  const { userId, rcExtension } = request.body?.payload ?? {};
  if (!ObjectId.isValid(userId) || !/^[0-9]{2,10}$/.test(rcExtension)) {
    return reply.code(400).send({ error: { code: 'VALIDATION_ERROR' } });
  }
  const _id = new ObjectId(userId);
  const user = await users.findOne({ _id });
  if (!user) {
    return reply.code(404).send({ error: { code: 'NOT_FOUND' } });
  }
  if (await users.findOne({ [path]: rcExtension, _id: { $ne: _id } })) {
    return reply.code(400).send({ error: { code: 'VALIDATION_ERROR' } });
  }
  await users.updateOne({ _id }, { $set: { [path]: rcExtension } }, majority);
  await changes.insertOne(
    { user: _id, from: user.personalInformation?.rcExtension, to: rcExtension, by: administrator.sub, at: new Date() },
    majority,
  );
  return { message: 'RingCentral extension updated successfully', data: {} };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
