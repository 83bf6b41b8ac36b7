using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.World;

public sealed class ManyJobsTests
{
    [Fact]
    public async Task Five_hundred_jobs_on_one_host_all_end()
    {
        var host = EstateGenerator.Generate(1, 500, 1).Hosts[0];
        await using var stage = await Stage.OpenAsync(host);
        await using var events = stage.Door.WatchJobsAsync(TimeSpan.FromSeconds(1), Stage.Token).GetAsyncEnumerator(Stage.Token);
        var next = events.MoveNextAsync().AsTask();
        foreach (var machine in host.VirtualMachines)
        {
            (await stage.InitiateAsync(new(machine.Id))).Code.ShouldBe(ReturnCode.JobStarted);
        }

        stage.Pass(1);
        (await next).ShouldBeTrue();
        stage.Time.Advance(TimeSpan.FromDays(2));
        (await stage.Door.ListVirtualMachinesAsync(Stage.Token))
            .ShouldAllBe(machine => machine.ReplicationState == Replication.ReplicationState.FailbackComplete);
        stage.Host.Initiations.Total.ShouldBe(500);
    }
}
