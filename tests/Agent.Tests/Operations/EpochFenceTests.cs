using HostAgent.Agent.Operations;

namespace HostAgent.Agent.Tests.Operations;

public sealed class EpochFenceTests
{
    private readonly EpochFence _fence = new();

    [Fact]
    public void Epoch_that_rises_keeps_every_lower_one_out_from_that_moment()
    {
        _fence.CheckAndRaise(Tie(3)).ShouldBeTrue();
        _fence.CheckAndRaise(Tie(3)).ShouldBeFalse();
        _fence.CheckAndRaise(Tie(5)).ShouldBeTrue();

        Should.Throw<OperationRefusedException>(() => _fence.Check(Tie(4))).Failure.Reason.ShouldBe("STALE_EPOCH");
        Should.Throw<OperationRefusedException>(() => _fence.CheckAndRaise(Tie(4)));
        _fence.Check(Tie(5));
    }

    [Fact]
    public void Campaigns_do_not_fence_each_other_and_an_operation_that_stands_alone_is_never_fenced()
    {
        _fence.Raise(Guid.NewGuid(), 9);

        _fence.CheckAndRaise(Tie(1)).ShouldBeTrue();
        _fence.CheckAndRaise(null).ShouldBeFalse();
    }

    private static CampaignTie Tie(long epoch) => new(new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "item", 1, epoch);
}
