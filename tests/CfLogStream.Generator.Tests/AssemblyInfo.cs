using Xunit.Sdk;
using Xunit.v3;

// One test measures what the process allocates, and the runs are heavy: one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
