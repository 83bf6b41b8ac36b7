using System.Globalization;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Coordinator.Tests.Support.Processes;

namespace HostAgent.Coordinator.Tests.Faults;

/// <summary>A real coordinator whose files may not grow any more, as on a full disk, and later may again.</summary>
public sealed class FullDiskTests : CoordinatorTest
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("full-disk-");

    [Fact]
    public async Task Full_disk_refuses_what_is_new_holds_what_runs_and_loses_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The size of files is limited by means of Linux.");
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        var created = new List<string>();
        Campaign running;
        await using (var coordinator = await CoordinatorProcess.StartAsync(Pki, _directory.FullName, agent, largestFile: 512))
        {
            running = await coordinator.CreateAsync("running");
            await coordinator.StartAsync(running.Name);
            await agent.UntilAsync(() => agent.Initiations == 1, "the failback to begin");
            await FillAsync(coordinator, created);

            // It ends while the store takes nothing: that may be told late, and not be lost.
            agent.Operation("vm-1").Succeed();
            await coordinator.LiftLimitAsync();

            (await coordinator.WatchToEndAsync(running.Name)).State.ShouldBe(CampaignState.Completed);
        }

        await using var next = await CoordinatorProcess.StartAsync(Pki, _directory.FullName, agent);
        var known = (await next.Campaigns.ListCampaignsAsync(new ListCampaignsRequest { PageSize = 1000 })).Campaigns.Select(campaign => campaign.Name);
        known.Order(StringComparer.Ordinal).ShouldBe(created.Append(running.Name).Order(StringComparer.Ordinal));
        agent.Initiations.ShouldBe(1);
    }

    private protected override ValueTask CleanAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task FillAsync(CoordinatorProcess coordinator, List<string> created)
    {
        var padding = $"# {new string('x', 10_000)}";
        for (var number = 0; ; number++)
        {
            try
            {
                created.Add((await coordinator.CreateAsync(string.Create(CultureInfo.InvariantCulture, $"filler-{number}"), padding)).Name);
            }
            catch (RpcException)
            {
                number.ShouldBeGreaterThan(0);
                return;
            }
        }
    }
}
