// An OpenID provider with new keys, on the port given (0 takes a free one), for one client, which
// is an administrator. The resource that the client asks for names the algorithm of its token.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const key = (type, options) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
  kid: randomUUID(),
  use: 'sig',
});

const server = createServer();
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    jwks: {
      keys: [
        key('rsa', { modulusLength: 2048 }),
        key('ec', { namedCurve: 'P-256' }),
        key('ed25519'),
      ],
    },
    clients: [
      {
        client_id: 'robot',
        client_secret: 'robots-secret',
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    extraTokenClaims: () => ({ role: 'admin' }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: '',
          audience: 'ringbook',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: resource.split(':').at(-1) } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  console.error(`issuer http://127.0.0.1:${port} ready`);
});
