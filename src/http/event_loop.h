// The inside of EventLoop, for the files of this room that make sockets on it.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <deque>
#include <mutex>
#include <thread>

#include "http/server.h"

namespace ringbook {

namespace asio = boost::asio;
// Everything here runs on one io_context, so sockets need no type-erased executor.
using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using TcpAcceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

// Invariant: `tasks_` holds one task for each handler posted to `io` by `post`, so tasks run in the
// order they came, whichever thread they came from.
struct EventLoop::Impl final : Loop {
  Impl();
  void post(Task task) override;
  bool is_current() const override;

  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> keep_open;
  // The thread that runs the loop; until it runs, the one that made it.
  std::atomic<std::thread::id> owner;

 private:
  void run_front();

  std::mutex mutex_;
  std::deque<Task> tasks_;
};

}  // namespace ringbook
