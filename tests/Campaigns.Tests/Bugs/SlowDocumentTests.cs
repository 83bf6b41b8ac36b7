using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Bugs;

/// <summary>A document of 60,000 waves, under every limit of the time, kept a processor for 20 seconds after its caller had left.</summary>
public sealed class SlowDocumentTests
{
    private static string Waves(int count) => Scenario.Document("waves: [" + string.Join(", ", Enumerable.Range(0, count).Select(number => $"{{name: w{number}, take: 1}}")) + "]");

    [Fact]
    public void A_thousand_waves_are_read()
        => CampaignDocument.Parse(Waves(1000), "t", TestContext.Current.CancellationToken).Require().Waves.Count.ShouldBe(1000);

    [Fact]
    public void More_are_one_error()
        => CampaignDocument.Parse(Waves(30_000), "t", TestContext.Current.CancellationToken).Errors.ShouldHaveSingleItem().Message
            .ShouldBe("spec.waves has 30000 elements; it may have at most 1000.");

    [Fact]
    public void Patterns_are_bounded_in_the_whole_document()
    {
        var names = string.Join(", ", Enumerable.Range(0, 900).Select(number => $"n{number}"));
        var waves = string.Join(", ", Enumerable.Range(0, 6).Select(number => $"{{name: w{number}, match: {{vms: {{names: [{names}]}}}}}}"));
        CampaignDocument.Parse(Scenario.Document($"waves: [{waves}]"), "t", TestContext.Current.CancellationToken).Errors.ShouldHaveSingleItem().Message
            .ShouldBe("spec has 5400 name patterns in its targets and waves; it may have at most 5000.");
    }

    [Fact]
    public void A_caller_who_has_left_is_not_read_for()
    {
        using var left = new CancellationTokenSource();
        left.Cancel();
        Should.Throw<OperationCanceledException>(() => CampaignDocument.Parse(Waves(900), "t", left.Token));
    }
}
