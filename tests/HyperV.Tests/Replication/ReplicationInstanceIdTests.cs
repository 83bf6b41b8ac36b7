using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Tests.Replication;

public sealed class ReplicationInstanceIdTests
{
    private const string Guid = "1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01";

    [Theory]
    [InlineData(@"Microsoft:" + Guid + @"\HVR", false)]
    [InlineData(@"Microsoft:" + Guid + @"\HVR\0", false)]
    [InlineData(@"Microsoft:" + Guid + @"\HVR\1", true)]
    [InlineData(@"microsoft:1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01\hvr\1", true)]
    public void The_suffix_tells_the_kind(string text, bool extended)
    {
        ReplicationInstanceId.TryParse(text, out var id).ShouldBeTrue();
        id.VirtualMachine.ToString().ShouldBe(Guid);
        id.IsExtended.ShouldBe(extended);
    }

    [Fact]
    public void It_is_written_as_windows_server_2012_r2_writes_it()
    {
        ReplicationInstanceId.TryParse($@"Microsoft:{Guid}\HVR", out var id).ShouldBeTrue();
        id.ToString().ShouldBe($@"Microsoft:{Guid}\HVR\0");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Microsoft:" + Guid)]
    [InlineData(@"Microsoft:" + Guid + @"\HVR\2")]
    [InlineData(@"Microsoft:not-a-guid\HVR\0")]
    [InlineData(@"Contoso:" + Guid + @"\HVR\0")]
    public void Other_keys_are_not_taken_for_one(string? text) => ReplicationInstanceId.TryParse(text, out _).ShouldBeFalse();
}
