using HostAgent.Agent.Tests.Support;

namespace HostAgent.Agent.Tests.Bugs;

/// <summary>Each agent of a process watched its settings file with an inotify instance of its own, and 128 of them were all that a default system has.</summary>
public sealed class WatchedSettingsTests
{
    [Fact]
    public async Task Agent_takes_no_inotify_instance()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "inotify is a thing of Linux.");
        var before = Instances();

        await using var first = await AgentUnderTest.StartAsync(Stage.Host());
        await using var second = await AgentUnderTest.StartAsync(Stage.Host());

        // Other tests of this process run at the same time and start agents too, so the count may only fail to grow.
        Instances().ShouldBeLessThanOrEqualTo(before);
    }

    private static int Instances() => Directory.EnumerateFiles("/proc/self/fd").Count(file => Target(file)?.Contains("inotify", StringComparison.Ordinal) == true);

    private static string? Target(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name;
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return null;
        }
    }
}
