# Prints `users` people as CSV for `ringbook import`: the ids that bench/put.lua asks for, each with a
# number of nine digits, which no step of put.lua gives.
BEGIN {
  print "userId,name,email,department,rcExtension"
  for (i = 0; i < users; ++i) {
    printf "64b7f1a2e4b0a5d3f9%06x,Person %d,person%d@example.com,Department %d,%09d\n",
      i, i, i, i % 50, i
  }
}
