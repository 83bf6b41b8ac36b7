namespace HostAgent.Documents.Tests;

public class SizeTextTests
{
    [Theory]
    [InlineData("0B", 0)]
    [InlineData("512 B", 512)]
    [InlineData("1KiB", 1024)]
    [InlineData("1kB", 1000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("200 mb", 200_000_000)]
    [InlineData("8 PiB", 9_007_199_254_740_992)]
    public void Size_with_unit_is_read(string text, long bytes)
    {
        SizeText.TryRead(text, out var read).ShouldBeTrue();
        read.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("200")]
    [InlineData("MiB")]
    [InlineData("-1MiB")]
    [InlineData("1e3MiB")]
    [InlineData("1,5GiB")]
    [InlineData("10 XB")]
    [InlineData("9000PiB")]
    public void Size_that_is_none_is_refused(string text) => SizeText.TryRead(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(128_849_018_880, "120 GiB")]
    public void Size_is_written_with_a_binary_unit(long bytes, string text) => SizeText.Write(bytes).ShouldBe(text);

    [Theory]
    [InlineData("200MiB/s", 209_715_200)]
    [InlineData("10Gbit/s", 1_250_000_000)]
    [InlineData("100 mbit/s", 12_500_000)]
    [InlineData("8bit/s", 1)]
    public void Rate_is_read(string text, long bytesPerSecond)
    {
        RateText.TryRead(text, out var read).ShouldBeTrue();
        read.ShouldBe(bytesPerSecond);
    }

    [Theory]
    [InlineData("200MiB")]
    [InlineData("200/s")]
    [InlineData("bit/s")]
    [InlineData("-1bit/s")]
    [InlineData("10Gbit")]
    public void Rate_that_is_none_is_refused(string text) => RateText.TryRead(text, out _).ShouldBeFalse();

    [Fact]
    public void Rate_is_written_with_a_binary_unit() => RateText.Write(209_715_200).ShouldBe("200 MiB/s");
}
