#include "base/metrics.h"

#include <gtest/gtest.h>

#include <array>

namespace ringbook {
namespace {

TEST(Metrics, RendersFamiliesInOrderOfName) {
  Metrics metrics;
  metrics.gauge("b_open", "Open.").set(-3);
  metrics.counter("a_total", "All.", {{"route", "/x"}, {"status", "200"}}).add(2);
  metrics.counter("a_total", "All.", {{"route", "/x"}, {"status", "404"}}).add();
  EXPECT_EQ(metrics.render(),
            "# HELP a_total All.\n"
            "# TYPE a_total counter\n"
            "a_total{route=\"/x\",status=\"200\"} 2\n"
            "a_total{route=\"/x\",status=\"404\"} 1\n"
            "# HELP b_open Open.\n"
            "# TYPE b_open gauge\n"
            "b_open -3\n");
}

TEST(Metrics, GivesTheSameObjectForTheSameNameAndLabels) {
  Metrics metrics;
  Counter& counter = metrics.counter("a_total", "All.", {{"x", "1"}});
  EXPECT_EQ(&counter, &metrics.counter("a_total", "All.", {{"x", "1"}}));
  EXPECT_NE(&counter, &metrics.counter("a_total", "All.", {{"x", "2"}}));
}

TEST(Metrics, CountsAHistogramCumulatively) {
  Metrics metrics;
  const std::array<double, 2> bounds{0.5, 2};
  Histogram& histogram = metrics.histogram("t_seconds", "Time.", bounds, {{"r", "x"}});
  for (const double value : {0.25, 0.5, 1.0, 8.0}) {
    histogram.observe(value);
  }
  EXPECT_EQ(metrics.render(),
            "# HELP t_seconds Time.\n"
            "# TYPE t_seconds histogram\n"
            "t_seconds_bucket{r=\"x\",le=\"0.5\"} 2\n"
            "t_seconds_bucket{r=\"x\",le=\"2\"} 3\n"
            "t_seconds_bucket{r=\"x\",le=\"+Inf\"} 4\n"
            "t_seconds_sum{r=\"x\"} 9.75\n"
            "t_seconds_count{r=\"x\"} 4\n");
}

TEST(Metrics, ShowsAFigureThatIsKeptElsewhereAsItWasLast) {
  Metrics metrics;
  for (const double value : {1.0, 2.5}) {
    metrics.show(FigureKind::counter, "a_seconds_total", "All.", value);
  }
  metrics.show(FigureKind::gauge, "b_bytes", "Free.", 17'179'869'184.0, {{"x", "1"}});
  EXPECT_EQ(metrics.render(),
            "# HELP a_seconds_total All.\n"
            "# TYPE a_seconds_total counter\n"
            "a_seconds_total 2.5\n"
            "# HELP b_bytes Free.\n"
            "# TYPE b_bytes gauge\n"
            "b_bytes{x=\"1\"} 17179869184\n");
}

TEST(Metrics, EscapesHelpAndLabelValues) {
  Metrics metrics;
  metrics.counter("a_total", "One\\two\n\"three\"", {{"x", "a\"b\\c\nd"}});
  EXPECT_EQ(metrics.render(),
            "# HELP a_total One\\\\two\\n\"three\"\n"
            "# TYPE a_total counter\n"
            "a_total{x=\"a\\\"b\\\\c\\nd\"} 0\n");
}

TEST(MetricsDeathTest, AbortsWhenANameChangesItsType) {
  Metrics metrics;
  metrics.counter("a_total", "All.");
  EXPECT_DEATH(metrics.gauge("a_total", "All."), "one type");
}

}  // namespace
}  // namespace ringbook
