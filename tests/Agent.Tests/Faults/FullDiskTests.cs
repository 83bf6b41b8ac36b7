using HostAgent.Agent.Operations;
using HostAgent.Agent.Tests.Support.Processes;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>Fault 17 with a real process: its files may not grow any more, as on a full disk, and later they may again.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Full_disk_refuses_what_is_new_holds_what_runs_and_loses_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The size of files is limited by means of Linux.");
        await using var stage = new KillStage([OperationCheckpoint.BeforeIntent], machines: 30);

        await stage.LiveThroughFullDiskAsync(largestFile: 256);

        var host = stage.Hosts.Single();
        host.Doubled().ShouldBe(0);
        host.Lost().ShouldBe(0);
        host.Contradictions.ShouldBeEmpty();
        host.Operations.ShouldAllBe(operation => operation.HasSucceeded);
    }
}
