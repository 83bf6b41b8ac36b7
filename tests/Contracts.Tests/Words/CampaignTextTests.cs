using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Words;

namespace HostAgent.Contracts.Tests.Words;

public sealed class CampaignTextTests
{
    [Theory]
    [InlineData("sql-01 is held; end that first", "sql-01 is held; end that first. Next attempt at 2026-11-28T12:00:00Z.")]
    [InlineData("It was refused.", "It was refused. Next attempt at 2026-11-28T12:00:00Z.")]
    [InlineData("", "Next attempt at 2026-11-28T12:00:00Z.")]
    public void Next_attempt_is_a_sentence_of_its_own(string explanation, string text)
        => CampaignText.Explanation(new Item { Explanation = explanation, Attempt = 1, NextAttemptTime = new DateTime(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc).ToTimestamp() }).ShouldBe(text);
}
