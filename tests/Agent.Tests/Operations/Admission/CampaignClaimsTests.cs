using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Tests.Operations.Admission;

public sealed class CampaignClaimsTests
{
    private const string First = "11111111-0000-4000-8000-000000000000";
    private const string Second = "22222222-0000-4000-8000-000000000000";
    private static readonly Guid Campaign = new("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static readonly CancellationToken Ended = new(canceled: true);

    private readonly CampaignClaims _claims = new();

    [Fact]
    public void Epoch_that_rises_keeps_every_lower_one_out_from_that_moment()
    {
        _claims.Hold(Claim(3), Ended).ShouldBeTrue();
        _claims.Hold(Claim(3), Ended).ShouldBeFalse();
        _claims.Hold(Claim(5), Ended).ShouldBeTrue();

        Refused(() => _claims.Check(Claim(4))).ShouldBe("STALE_EPOCH");
        Refused(() => _claims.Hold(Claim(4), Ended)).ShouldBe("STALE_EPOCH");
        _claims.Check(Claim(5));
    }

    [Fact]
    public void Campaigns_do_not_fence_each_other_and_an_operation_that_stands_alone_is_never_fenced()
    {
        _claims.Restore(Claim(9) with { CampaignId = Guid.NewGuid() });

        _claims.Hold(Claim(1), Ended).ShouldBeTrue();
        _claims.Hold(null, Ended).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 1001)]
    [InlineData(7, 1008)]
    [InlineData(7, long.MaxValue)]
    public void Epoch_that_jumps_is_not_believed(long known, long claimed)
    {
        if (known > 0)
        {
            _claims.Restore(Claim(known));
        }

        Refused(() => _claims.Check(Claim(claimed))).ShouldBe("EPOCH_JUMP");
        _claims.Hold(Claim(known + CampaignClaims.LargestStep), Ended).ShouldBeTrue();
    }

    [Fact]
    public void Only_the_coordinator_that_claimed_a_campaign_first_may_act_for_it_also_after_a_restart()
    {
        _claims.Restore(Claim(2));

        Refused(() => _claims.Check(Claim(3) with { Coordinator = "failback://coordinator/evil" })).ShouldBe("CAMPAIGN_OWNED");
        _claims.Check(Claim(3) with { Coordinator = "failback://coordinator/C1" });
    }

    [Fact]
    public void Journal_of_a_former_schema_does_not_say_who_claimed_and_the_next_one_is_taken()
    {
        _claims.Restore(Claim(2) with { Coordinator = string.Empty, Instance = string.Empty });

        _claims.Hold(Claim(2), Ended).ShouldBeTrue();
        Refused(() => _claims.Check(Claim(2) with { Coordinator = "failback://coordinator/evil" })).ShouldBe("CAMPAIGN_OWNED");
    }

    [Fact]
    public void Second_process_with_an_equal_epoch_works_on_a_copy_of_the_store_and_is_refused()
    {
        _claims.Hold(Claim(2), Ended);

        Refused(() => _claims.Check(Claim(2) with { Instance = Second })).ShouldBe("CAMPAIGN_CLAIMED_TWICE");
    }

    [Fact]
    public void Second_process_with_a_higher_epoch_waits_until_the_first_ones_connection_has_ended()
    {
        using var connection = new CancellationTokenSource();
        _claims.Hold(Claim(2), connection.Token);

        Refused(() => _claims.Hold(Claim(3) with { Instance = Second }, Ended)).ShouldBe("CAMPAIGN_CLAIMED_TWICE");
        _claims.Check(Claim(3));

        connection.Cancel();
        _claims.Hold(Claim(3) with { Instance = Second }, Ended).ShouldBeTrue();
        Refused(() => _claims.Check(Claim(3))).ShouldBe("CAMPAIGN_CLAIMED_TWICE");
    }

    [Theory]
    [InlineData("store-1", 8, null)]
    [InlineData("store-1", 7, "CAMPAIGN_CLAIMED_TWICE")]
    [InlineData("store-1", 6, "CAMPAIGN_CLAIMED_TWICE")]
    [InlineData("STORE-1", 8, "CAMPAIGN_CLAIMED_TWICE")]
    [InlineData("copy-of-it", 8, "CAMPAIGN_CLAIMED_TWICE")]
    [InlineData(null, 0, "CAMPAIGN_CLAIMED_TWICE")]
    public void Second_process_that_has_the_store_after_the_first_does_not_wait_for_its_connection(string? store, long number, string? refusal)
    {
        using var connection = new CancellationTokenSource();
        _claims.Hold(Claim(2) with { Term = new StoreTerm("store-1", 7) }, connection.Token);
        var second = Claim(3) with { Instance = Second, Term = store is null ? null : new StoreTerm(store, number) };

        if (refusal is null)
        {
            _claims.Hold(second, connection.Token).ShouldBeTrue();
            // And there is no way back, whatever the first one says of itself.
            Refused(() => _claims.Check(Claim(2) with { Term = new StoreTerm("store-1", 7) })).ShouldBe("STALE_EPOCH");
            Refused(() => _claims.Check(Claim(4) with { Term = new StoreTerm("store-1", 7) })).ShouldBe("CAMPAIGN_CLAIMED_TWICE");
        }
        else
        {
            Refused(() => _claims.Hold(second, connection.Token)).ShouldBe(refusal);
        }
    }

    [Fact]
    public void Term_helps_nobody_who_comes_with_the_epoch_of_another_process()
    {
        using var connection = new CancellationTokenSource();
        _claims.Hold(Claim(2) with { Term = new StoreTerm("store-1", 7) }, connection.Token);

        Refused(() => _claims.Check(Claim(2) with { Instance = Second, Term = new StoreTerm("store-1", 8) })).ShouldBe("CAMPAIGN_CLAIMED_TWICE");
    }

    [Fact]
    public void Operation_of_the_process_that_holds_the_campaign_leaves_its_term_as_it_is()
    {
        using var connection = new CancellationTokenSource();
        _claims.Hold(Claim(2) with { Term = new StoreTerm("store-1", 7) }, connection.Token);

        _claims.Hold(Claim(2), connection.Token).ShouldBeFalse("nothing is new in it");
        _claims.Hold(Claim(3) with { Instance = Second, Term = new StoreTerm("store-1", 8) }, connection.Token).ShouldBeTrue();
    }

    private static string Refused(Action act) => Should.Throw<OperationRefusedException>(act).Failure.Reason;

    private static CampaignClaim Claim(long epoch) => new(Campaign, epoch, "failback://coordinator/c1", First);
}
