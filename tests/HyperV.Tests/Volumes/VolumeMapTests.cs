using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Tests.Volumes;

public sealed class VolumeMapTests
{
    private static readonly VolumeMap Map = new(
    [
        new(@"C:\", @"\\?\Volume{11111111-0000-0000-0000-000000000000}\", 1, 2), new(@"C:\ClusterStorage\Volume1\", null, 1, 2), new(@"D:\", null, 1, 2),
        new(@"\\?\Volume{22222222-0000-0000-0000-000000000000}\", @"\\?\Volume{22222222-0000-0000-0000-000000000000}\", 1, 2),
    ]);

    [Theory]
    [InlineData(@"C:\vm\a.vhdx", @"C:\")]
    [InlineData(@"c:\clusterstorage\VOLUME1\a.vhdx", @"C:\ClusterStorage\Volume1\")]
    [InlineData(@"C:\ClusterStorage\Volume10\a.vhdx", @"C:\")]
    [InlineData(@"\\?\D:\a.vhdx", @"D:\")]
    [InlineData(@"\\?\Volume{11111111-0000-0000-0000-000000000000}\a.vhdx", @"C:\")]
    [InlineData(@"\\?\volume{22222222-0000-0000-0000-000000000000}\a.vhdx", @"\\?\Volume{22222222-0000-0000-0000-000000000000}\")]
    public void A_file_is_on_the_volume_mounted_deepest_on_its_way(string path, string volume) => Map.Find(path).ShouldNotBeNull().Name.ShouldBe(volume);

    [Theory]
    [InlineData(@"E:\a.vhdx")]
    [InlineData(@"\\store\share\a.vhdx")]
    [InlineData("")]
    public void A_path_elsewhere_is_on_none(string path) => Map.Find(path).ShouldBeNull();
}
