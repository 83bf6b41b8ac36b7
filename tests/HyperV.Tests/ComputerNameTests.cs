using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Tests;

public sealed class ComputerNameTests
{
    [Theory]
    [InlineData("HV-WEST-01", "hv-west-01", true)]
    [InlineData("hv-west-01.contoso.test", "HV-WEST-01", true)]
    [InlineData("hyperv-recovery-site-07", "HYPERV-RECOVERY", true)]
    [InlineData("HYPERV-RECOVERY", "hyperv-recovery-site-07.contoso.test", true)]
    [InlineData("HV-WEST-02", "HV-WEST-01", false)]
    [InlineData("HV-WEST-0", "HV-WEST-01", false)]
    [InlineData("hyperv-recovery-site-08", "hyperv-recovery-site-07", false)]
    public void Names_of_one_computer_are_recognised_however_windows_shortens_them(string name, string computer, bool same)
        => ComputerName.IsOf(name, computer).ShouldBe(same);
}
