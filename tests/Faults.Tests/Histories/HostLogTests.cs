using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Tests.Histories;

public sealed class HostLogTests
{
    private const string Machine = "00000000-0000-4000-8000-000000000001";
    private const string Job = "00000000-0000-4000-8000-0000000000aa";

    [Theory]
    [InlineData("""{"type":"jobEnded","time":"2026-11-21T22:00:09Z","jobId":"00000000-0000-4000-8000-0000000000aa","jobState":7,"errorCode":0}""", true)]
    [InlineData("""{"type":"jobEnded","time":"2026-11-21T22:00:09Z","jobId":"00000000-0000-4000-8000-0000000000aa","jobState":32768,"errorCode":0}""", true)]
    [InlineData("""{"type":"jobEnded","time":"2026-11-21T22:00:09Z","jobId":"00000000-0000-4000-8000-0000000000aa","jobState":10,"errorCode":32768}""", false)]
    [InlineData("""{"type":"jobVanished","time":"2026-11-21T22:00:09Z","jobId":"00000000-0000-4000-8000-0000000000aa"}""", false)]
    [InlineData("""{"type":"hostRestarted","time":"2026-11-21T22:00:09Z"}""", false)]
    public void Failback_ends_with_its_job(string end, bool succeeded)
    {
        var effect = HostLog.Read("hv-01", [Began, end]).ShouldHaveSingleItem();

        (effect.Host, effect.Machine).ShouldBe(("hv-01", new Guid(Machine)));
        (effect.Time, effect.End).ShouldBe((DateTimeOffset.Parse("2026-11-21T22:00:01Z", System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.Parse("2026-11-21T22:00:09Z", System.Globalization.CultureInfo.InvariantCulture)));
        (effect.Succeeded, effect.IsForeign).ShouldBe((succeeded, false));
    }

    [Fact]
    public void Failback_without_a_job_is_complete_at_once()
        => HostLog.Read("hv-01", ["{\"type\":\"failbackInitiated\",\"time\":\"2026-11-21T22:00:01Z\",\"number\":1,\"virtualMachineId\":\"" + Machine + "\",\"strikes\":[]}"]).ShouldHaveSingleItem().Succeeded.ShouldBeTrue();

    [Fact]
    public void Log_that_was_shortened_is_not_believed()
        => Should.Throw<InvalidDataException>(() => HostLog.Read("hv-01", [Began, """{"type":"hostSummary","time":"2026-11-21T22:00:09Z"}"""])).Message.ShouldContain("hv-01");

    private static string Began => "{\"type\":\"failbackInitiated\",\"time\":\"2026-11-21T22:00:01Z\",\"number\":1,\"virtualMachineId\":\"" + Machine + "\",\"jobId\":\"" + Job + "\",\"strikes\":[]}";
}
