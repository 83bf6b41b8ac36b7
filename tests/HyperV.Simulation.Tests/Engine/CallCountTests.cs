using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Tests.Engine;

public sealed class CallCountTests
{
    [Fact]
    public async Task Each_kind_of_call_is_counted()
    {
        await using var stage = await Stage.OpenAsync();
        var service = (await stage.Session.ListInstancesAsync("Msvm_ReplicationService", [], Stage.Token))[0];
        await stage.Session.GetInstanceAsync(service.Path!, Stage.Token);
        await stage.Session.GetInstanceAsync(service.Path!, Stage.Token);
        await stage.Session.ListAssociatorsAsync(service.Path!, "Msvm_OwningJobElement", "Msvm_ConcreteJob", Stage.Token);
        await Should.ThrowAsync<CimException>(() => stage.Session.InvokeMethodAsync(service.Path!, "NoSuchMethod", new Dictionary<string, object?>(), Stage.Token));
        stage.Host.Calls.ShouldBe(new CallCount(Reads: 2, Lists: 1, Associations: 1, Methods: 1, WatchLooks: 0));
        stage.Host.Calls.Total.ShouldBe(5);
    }

    [Fact]
    public async Task Watches_of_one_class_that_are_due_together_share_one_look()
    {
        await using var stage = await Stage.OpenAsync();
        await using var one = stage.Door.WatchJobsAsync(TimeSpan.FromSeconds(1), Stage.Token).GetAsyncEnumerator(Stage.Token);
        await using var two = stage.Door.WatchJobsAsync(TimeSpan.FromSeconds(1), Stage.Token).GetAsyncEnumerator(Stage.Token);
        var first = one.MoveNextAsync();
        var second = two.MoveNextAsync();
        var armed = stage.Host.Calls.WatchLooks;
        await stage.StartAsync();
        stage.Pass(1);
        (await first).ShouldBeTrue();
        (await second).ShouldBeTrue();
        (stage.Host.Calls.WatchLooks - armed).ShouldBe(1);
    }
}
