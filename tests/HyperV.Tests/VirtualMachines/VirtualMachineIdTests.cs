using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.VirtualMachines;

public sealed class VirtualMachineIdTests
{
    [Fact]
    public void Any_case_is_read_and_upper_case_is_written()
        => VirtualMachineId.Parse("1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01").ToString().ShouldBe("1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01");

    [Theory]
    [InlineData("")]
    [InlineData("HV-WEST-01")]
    [InlineData("{1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01}")]
    [InlineData("1F0CA5B03D2E4C7A9F110A0B0C0D0E01")]
    public void Other_forms_are_refused_with_the_value(string text)
        => Should.Throw<FormatException>(() => VirtualMachineId.Parse(text)).Message.ShouldContain($"'{text}'");
}
