using HostAgent.Cli.Tests.Fakes;

namespace HostAgent.Failback.Tests;

/// <summary>The whole program on a command line of a test.</summary>
internal static class TestProgram
{
    /// <param name="longestRun">When a run counts as hanging; a minute when null.</param>
    public static CommandLine CommandLine(TimeSpan? longestRun = null)
        => new(FailbackProgram.Create) { LongestRun = longestRun ?? TimeSpan.FromMinutes(1) };
}
