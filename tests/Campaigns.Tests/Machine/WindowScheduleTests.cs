using System.Globalization;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Tests.Machine;

public class WindowScheduleTests
{
    private static WindowSchedule Schedule(string opens, string closes, string zone = "Europe/Madrid")
        => new(new WindowSpec(Time(opens), Time(closes), zone, WindowCloseAction.Drain));

    private static WindowTime Time(string text)
    {
        var parts = text.Split(' ');
        DayOfWeek? day = parts.Length == 2 ? Enum.Parse<DayOfWeek>(parts[0]) : null;
        return new WindowTime(day, TimeOnly.ParseExact(parts[^1], "HH:mm", CultureInfo.InvariantCulture));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-11-21T20:59:59Z", false)]
    [InlineData("2026-11-21T21:00:00Z", true)]
    [InlineData("2026-11-22T04:59:59Z", true)]
    [InlineData("2026-11-22T05:00:00Z", false)]
    [InlineData("2026-11-25T23:00:00Z", false)]
    public void IsOpen_weekly_over_midnight_includes_its_first_and_excludes_its_last_moment(string time, bool expected)
        => Schedule("Saturday 22:00", "Sunday 06:00").IsOpen(At(time)).ShouldBe(expected);

    [Theory]
    [InlineData("2026-11-21T21:30:00Z", true)]
    [InlineData("2026-11-22T03:00:00Z", true)]
    [InlineData("2026-11-22T12:00:00Z", false)]
    public void IsOpen_daily_over_midnight(string time, bool expected) => Schedule("22:00", "06:00").IsOpen(At(time)).ShouldBe(expected);

    [Theory]
    [InlineData("2026-11-24T12:00:00Z", true)]
    [InlineData("2026-11-22T12:00:00Z", false)]
    public void IsOpen_from_one_day_to_a_later_one(string time, bool expected)
        => Schedule("Monday 08:00", "Friday 18:00").IsOpen(At(time)).ShouldBe(expected);

    [Fact]
    public void NextChange_walks_through_openings_and_closings()
    {
        var schedule = Schedule("Saturday 22:00", "Sunday 06:00");

        var opens = schedule.NextChange(At("2026-11-18T00:00:00Z"));
        opens.ShouldBe(At("2026-11-21T21:00:00Z"));
        var closes = schedule.NextChange(opens);
        closes.ShouldBe(At("2026-11-22T05:00:00Z"));
        schedule.NextChange(closes).ShouldBe(At("2026-11-28T21:00:00Z"));
    }

    [Fact]
    public void Time_that_the_clock_skips_in_spring_is_the_end_of_the_skip()
        // On 2026-03-29 Madrid goes from 02:00 to 03:00, which is 01:00 UTC.
        => Schedule("02:30", "05:00").NextChange(At("2026-03-29T00:00:00Z")).ShouldBe(At("2026-03-29T01:00:00Z"));

    [Fact]
    public void Time_that_the_clock_passes_twice_in_autumn_is_its_first_passing()
        // On 2026-10-25 Madrid goes from 03:00 back to 02:00; 02:30 is 00:30 UTC and 01:30 UTC.
        => Schedule("02:30", "05:00").NextChange(At("2026-10-25T00:00:00Z")).ShouldBe(At("2026-10-25T00:30:00Z"));

    [Fact]
    public void Window_keeps_local_time_over_the_change_of_clocks()
    {
        var schedule = Schedule("Saturday 22:00", "Sunday 06:00");

        schedule.NextChange(At("2026-10-24T00:00:00Z")).ShouldBe(At("2026-10-24T20:00:00Z"));
        schedule.NextChange(At("2026-10-24T20:00:00Z")).ShouldBe(At("2026-10-25T05:00:00Z"));
    }
}
