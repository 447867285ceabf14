// A server that speaks MongoDB's protocol, on SQLite or PostgreSQL: FerretDB, embedded.
//
// usage: ferretdb ADDRESS:PORT sqlite file:FOLDER/ | postgresql URL [CERTIFICATE KEY]
//
// With a certificate and its key, both files, it speaks TLS alone.
// Says the URI of itself on stderr once it listens, and serves until SIGTERM.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func listener() ferretdb.ListenerConfig {
	if len(os.Args) < 6 {
		return ferretdb.ListenerConfig{TCP: os.Args[1]}
	}
	return ferretdb.ListenerConfig{TLS: os.Args[1], TLSCertFile: os.Args[4], TLSKeyFile: os.Args[5]}
}

func main() {
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:      listener(),
		Handler:       os.Args[2],
		SQLiteURL:     os.Args[3],
		PostgreSQLURL: os.Args[3],
		// Nobody reads what it would say, and a full pipe would stop it.
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	until, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() { fmt.Fprintln(os.Stderr, server.MongoDBURI(), "ready") }()
	if err := server.Run(until); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
