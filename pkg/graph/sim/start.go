package sim

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"time"
)

// Server is a simulator that listens on loopback.
type Server struct {
	*Simulator
	GraphURL     string // http://127.0.0.1:port
	AuthorityURL string // https://127.0.0.1:port
	CA           []byte // PEM: the authority that signed the token endpoint's certificate
	TenantID     string
	ClientID     string
	Secret       string

	graph, token *http.Server
}

// Start listens on free ports of 127.0.0.1: Graph over HTTP, the token endpoint over TLS.
func Start(o Options) (*Server, error) { return StartAt(o, "127.0.0.1:0", "127.0.0.1:0") }

// StartAt listens on the given addresses, which must be loopback.
func StartAt(o Options, graphAddr, tokenAddr string) (*Server, error) {
	s, err := New(o)
	if err != nil {
		return nil, err
	}
	certificate, ca, err := makeCertificate()
	if err != nil {
		return nil, fmt.Errorf("make certificate of the token endpoint: %w", err)
	}
	graph, err := listen(graphAddr)
	if err != nil {
		return nil, err
	}
	token, err := listen(tokenAddr)
	if err != nil {
		return nil, errors.Join(err, graph.Close())
	}
	quiet := log.New(io.Discard, "", 0) // closed connections are faults on purpose
	srv := &Server{
		Simulator: s, GraphURL: "http://" + graph.Addr().String(), AuthorityURL: "https://" + token.Addr().String(), CA: ca,
		TenantID: tenantID, ClientID: clientID, Secret: clientSecret,
		graph: &http.Server{Handler: s.Graph(), ErrorLog: quiet, ReadHeaderTimeout: time.Minute},
		token: &http.Server{Handler: s.Token(), ErrorLog: quiet, ReadHeaderTimeout: time.Minute},
	}
	go serve(srv.graph, graph)
	go serve(srv.token, tls.NewListener(token, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}))
	return srv, nil
}

func serve(s *http.Server, l net.Listener) {
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		s.ErrorLog.Printf("simulator stopped: %v", err)
	}
}

func listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("listen on %q: the simulator takes loopback addresses only, such as 127.0.0.1:8080", addr)
	}
	var config net.ListenConfig
	return config.Listen(context.Background(), "tcp", addr)
}

// Close stops listening and drops what is under way.
func (s *Server) Close() error { return errors.Join(s.graph.Close(), s.token.Close()) }

// makeCertificate makes a certificate authority for this process and a server certificate for loopback. They follow the
// machine's clock: clients check them against theirs.
func makeCertificate() (tls.Certificate, []byte, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "intune-enroll simulator"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, caKey)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	return tls.Certificate{Certificate: [][]byte{der, caDER}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}), nil
}
