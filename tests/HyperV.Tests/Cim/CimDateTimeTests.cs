using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Tests.Cim;

public sealed class CimDateTimeTests
{
    [Property]
    public Property A_time_is_read_back_to_the_microsecond_with_its_offset()
    {
        var times =
            from microseconds in Generate.Between(TimeSpan.FromDays(1).Ticks / 10, new DateTime(9998, 1, 1).Ticks / 10)
            from minutes in Gen.Choose(-840, 840)
            select new DateTimeOffset(microseconds * 10, TimeSpan.FromMinutes(minutes));
        return Prop.ForAll(times.ToArbitrary(), time =>
        {
            var read = (DateTimeOffset)CimDateTime.Parse(CimDateTime.Format(time));
            return read == time && read.Offset == time.Offset;
        });
    }

    [Property]
    public Property An_interval_is_read_back_to_the_microsecond()
        => Prop.ForAll(
            Generate.Between(0, (TimeSpan.MaxValue.Ticks / 10) - TimeSpan.TicksPerDay).Select(m => TimeSpan.FromTicks(m * 10)).ToArbitrary(),
            interval => (TimeSpan)CimDateTime.Parse(CimDateTime.Format(interval)) == interval);

    [Theory]
    [InlineData("00000000000500.000000:000", "00:05:00")]
    [InlineData("00000000183000.000000:000", "18:30:00")]
    [InlineData("00000001000000.000001:000", "1.00:00:00.0000010")]
    public void Intervals_as_hosts_write_them_are_read(string text, string expected)
        => CimDateTime.Parse(text).ShouldBe(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("20260301030000.000000-000")]
    [InlineData("20260301030000.******+***")]
    public void Times_without_an_offset_or_fraction_are_read_as_utc(string text)
        => CimDateTime.Parse(text).ShouldBe(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("20261301030000.000000+000")]
    [InlineData("20260301030000,000000+000")]
    [InlineData("20260301030000.000000+900")]
    [InlineData("20260301030000.000000 000")]
    [InlineData("00010101000000.000000+060")]
    [InlineData("99991231235959.999999-060")]
    [InlineData("00000000240000.000000:000")]
    [InlineData("00000000006000.000000:000")]
    [InlineData("00000000000500.000000:001")]
    [InlineData("99999999000000.000000:000")]
    [InlineData("-0000000000500.000000:000")]
    public void What_is_not_a_datetime_is_refused_with_the_text(string text)
        => Should.Throw<FormatException>(() => CimDateTime.Parse(text)).Message.ShouldContain($"'{text}'");

    [Fact]
    public void A_negative_interval_cannot_be_written()
        => Should.Throw<ArgumentOutOfRangeException>(() => CimDateTime.Format(TimeSpan.FromSeconds(-1)));

    [Property]
    public bool No_text_breaks_the_reader(string? text) => !CimDateTime.TryParse(text, out var value) || value is DateTimeOffset or TimeSpan;
}
