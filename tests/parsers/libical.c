/* Reads a feed from stdin as Evolution, GNOME and KDE do, checks it by libical's table of what each
   component must and may hold, and prints uid, start, end, summary, description and location of
   every event, each ended by \x1f, and each event by \x1e. Complaints go to stderr. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static void put(const char *text) { printf("%s\x1f", text ? text : ""); }

static void complain(icalcomponent *component) {
  const char *uid = icalcomponent_get_uid(component);
  for (icalproperty *p = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY); p;
       p = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY))
    fprintf(stderr, "%s: %s\n", uid ? uid : "calendar", icalproperty_get_xlicerror(p));
}

int main(void) {
  static char feed[64 << 20];
  feed[fread(feed, 1, sizeof feed - 1, stdin)] = 0;
  icalcomponent *calendar = icalparser_parse_string(feed);
  if (!calendar || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT) return 2;
  int allowed = icalrestriction_check(calendar);
  int errors = icalcomponent_count_errors(calendar);
  complain(calendar);
  for (icalcomponent *e = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); e;
       e = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
    complain(e);
    put(icalcomponent_get_uid(e));
    put(icaltime_as_ical_string(icalcomponent_get_dtstart(e)));
    put(icaltime_as_ical_string(icalcomponent_get_dtend(e)));
    put(icalcomponent_get_summary(e));
    put(icalcomponent_get_description(e));
    put(icalcomponent_get_location(e));
    printf("\x1e");
  }
  fprintf(stderr, "%d errors, restrictions %s\n", errors, allowed ? "hold" : "broken");
  return allowed && !errors ? 0 : 1;
}
