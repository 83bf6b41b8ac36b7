using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Tests.Sessions;

public sealed class WmiLibraryChoiceTests
{
    [Theory]
    [InlineData(null, null, WmiLibrary.ManagementInfrastructure)]
    [InlineData(null, "missing", WmiLibrary.ManagementInfrastructure)]
    [InlineData("missing", null, WmiLibrary.SystemManagement)]
    [InlineData("missing", "missing", WmiLibrary.ManagementInfrastructure)]
    public void Other_library_is_used_only_where_the_wanted_one_cannot_be_loaded(string? whyNotWanted, string? whyNotOther, WmiLibrary used)
    {
        var choice = new WmiLibraryChoice(WmiLibrary.ManagementInfrastructure, whyNotWanted, whyNotOther);
        choice.Used.ShouldBe(used);
        choice.Other.ShouldBe(WmiLibrary.SystemManagement);
    }

    [Fact]
    public void Off_windows_neither_can_be_loaded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "This is Windows.");
        foreach (var library in Enum.GetValues<WmiLibrary>())
        {
            WmiLibraryChoice.Inspect(library).ShouldBe(new WmiLibraryChoice(library, "this is not Windows", "this is not Windows"));
        }
    }
}
