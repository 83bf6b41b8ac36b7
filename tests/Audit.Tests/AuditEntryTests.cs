namespace HostAgent.Audit.Tests;

public class AuditEntryTests
{
    [Fact]
    public void Details_of_the_coordinators_own_acts_read_as_they_were_said_and_stay_one_line()
    {
        var entry = AuditEntry.OfCoordinator(DateTimeOffset.UnixEpoch, "coordinator", "step-ended", "returns/a", new { explanation = "Adapter 'lan' is at switch <Prod> & Größe\n\"x\"" });

        entry.Details.ShouldBe("""{"explanation":"Adapter 'lan' is at switch <Prod> & Größe\n\"x\""}""");
        (entry.Source, entry.Result).ShouldBe(("", "OK"));
    }
}
