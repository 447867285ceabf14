// The program whose people they are: makes some with numbers, and goes on writing a field of its own
// in all of them.
//
// usage: people_program.mjs URL make FILE   people of a file of JSON Lines, as `ringbook import` takes
//        people_program.mjs URL many COUNT  that many, with numbers from 2000000000 on
//        people_program.mjs URL write       their `lastSeen`, until it is ended
import { readFileSync } from 'node:fs';
import { Long, MongoClient, ObjectId } from 'mongodb';

const [url, what, argument] = process.argv.slice(2);
const client = await new MongoClient(url).connect();
const users = client.db().collection('users');

const documentOf = ({ userId, name, email, department, rcExtension }) => ({
  _id: new ObjectId(userId),
  name,
  email,
  department,
  role: 'user',
  tags: ['kept', 'as', 'they', 'are'],
  logins: Long.fromNumber(17),
  lastSeen: new Date(0),
  personalInformation: {
    office: '2.13',
    ...(rcExtension === undefined ? {} : { rcExtension }),
  },
});

const insert = async (documents) => {
  for (let i = 0; i < documents.length; i += 100) {
    await users.insertMany(documents.slice(i, i + 100));
  }
  console.log(`${documents.length} people`);
};

switch (what) {
  case 'make': {
    const lines = readFileSync(argument, 'utf8').split('\n').filter(Boolean);
    await insert(lines.map((line) => documentOf(JSON.parse(line))));
    break;
  }
  case 'many':
    await insert(
      Array.from({ length: Number(argument) }, (_, i) =>
        documentOf({
          userId: i.toString(16).padStart(24, '6'),
          name: `Person ${i}`,
          email: `person${i}@example.com`,
          department: `Department ${i % 20}`,
          rcExtension: String(2000000000 + i),
        }),
      ),
    );
    break;
  case 'write': {
    const ids = (await users.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
    console.error('writing');
    for (let i = 0; ; i++) {
      await users.updateOne({ _id: ids[i % ids.length] }, { $set: { lastSeen: new Date() } });
    }
  }
}
await client.close();
