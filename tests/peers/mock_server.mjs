// A provider that signs whatever it is told to: `claims` of a token request are laid over the
// token's, `header` over its header, and null takes one away.
import { OAuth2Server } from 'oauth2-mock-server';

const lay = (over, text) => {
  for (const [name, value] of Object.entries(JSON.parse(text ?? '{}'))) {
    if (value === null) delete over[name];
    else over[name] = value;
  }
};

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, '127.0.0.1');
server.service.on('beforeTokenSigning', (token, request) => {
  lay(token.payload, request.body.claims);
  lay(token.header, request.body.header);
});
console.error(`issuer ${server.issuer.url} ready`);
