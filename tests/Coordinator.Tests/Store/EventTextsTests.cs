using HostAgent.Campaigns.Messages;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Tests.Store;

public sealed class EventTextsTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(EventTexts.Large, true)]
    public void Event_has_its_usual_text_and_only_a_large_one_is_in_lent_memory(int length, bool lent)
    {
        var decided = new CampaignStarted(new string('x', length) + "é<宮\"") { At = new DateTimeOffset(2031, 5, 4, 12, 0, 0, TimeSpan.Zero) };
        using var texts = new EventTexts();
        var written = texts.Write(decided);
        written.Data.IsLent.ShouldBe(lent);
        written.Data.ToString().ShouldBe(CampaignEventCodec.Write(decided));
        (written.Time, written.Type).ShouldBe((decided.At, "campaign-started"));
    }
}
