namespace HostAgent.Failover.Tests;

/// <summary>Explanations in the names of hosts, where the names of the sites would say the opposite of what is meant.</summary>
public sealed class ExplanationTests
{
    [Fact]
    public void Sites_are_called_by_their_hosts_in_every_text()
    {
        var texts = Enum.GetValues<Gate>().Select(Explanations.Of)
            .Concat(Enum.GetValues<WaitReason>().Select(Explanations.Of))
            .Concat(Enum.GetValues<Question>().Select(Explanations.Of))
            .Concat(Enum.GetValues<Verb>().Select(Explanations.Of))
            .Concat(Enum.GetValues<Outcome>().Select(Explanations.Of))
            .Concat(Enum.GetValues<StepKind>().SelectMany(kind => Enum.GetValues<Side>().Select(side => new Step(kind, side))).SelectMany(step => new[] { Explanations.Of(step), Explanations.UndoOf(step) }));
        foreach (var text in texts)
        {
            var named = Explanations.Named(text, "main-01", "dr-01");
            named.ShouldNotContain("home", Case.Insensitive);
            named.ShouldNotContain("recovery site");
        }
    }

    [Theory]
    [InlineData("The machine runs at home and has not come up as it should.", "The machine runs at dr-01 and has not come up as it should.")]
    [InlineData("Home was failed over while the machine runs at the recovery site.", "dr-01 was failed over while the machine runs at main-01.")]
    [InlineData("The recovery site is prepared for the switch, and home is busy.", "main-01 is prepared for the switch, and dr-01 is busy.")]
    public void Each_site_has_its_own(string text, string named) => Explanations.Named(text, recovery: "main-01", home: "dr-01").ShouldBe(named);
}
