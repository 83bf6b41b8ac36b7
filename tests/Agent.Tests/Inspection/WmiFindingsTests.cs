using HostAgent.Agent.Inspection;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Wmi;

namespace HostAgent.Agent.Tests.Inspection;

public sealed class WmiFindingsTests
{
    [Theory]
    [InlineData(null, null, "OK      wmi: system-management is used; management-infrastructure could be loaded too")]
    [InlineData(null, "no mi.dll", "OK      wmi: system-management is used; management-infrastructure could not: no mi.dll")]
    [InlineData("no Framework", null, "WARNING wmi: management-infrastructure is used, because system-management could not be loaded: no Framework")]
    [InlineData("no Framework", "no mi.dll", "FAILED  wmi: neither system-management nor management-infrastructure could be loaded: no Framework; no mi.dll")]
    public void Line_says_what_is_used_and_why(string? whyNotWanted, string? whyNotOther, string line)
        => WmiFindings.Of(new WmiLibraryChoice(WmiLibrary.SystemManagement, whyNotWanted, whyNotOther)).ToString().ShouldBe(line);
}
