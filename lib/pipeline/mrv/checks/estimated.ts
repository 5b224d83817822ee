import { counts } from "../../../mrv/evidence/figures";
import { passedIf, type RecordCheck } from "./check";
import { counted, plural, share } from "./words";

export const estimated: RecordCheck = {
  name: "estimated",
  label: "Estimated readings",
  isBlocking: false,
  run({ readings, settings }) {
    const own = readings.filter(counts);
    const count = own.filter(({ quality }) => quality !== "actual").length;
    const most = settings.MRV_ALLOW_ESTIMATED ? (settings.MRV_MAX_ESTIMATED_SHARE ?? 1) : 0;
    const ratio = own.length === 0 ? 0 : count / own.length;
    const any = settings.MRV_MAX_ESTIMATED_SHARE === undefined;
    const threshold = !settings.MRV_ALLOW_ESTIMATED ? "none allowed" : any ? "any number" : `at most ${share(most)}`;
    const sentence =
      own.length === 0
        ? "There is no reading."
        : count === 0
          ? "Every reading is actual."
          : `Estimated or substituted: ${counted(count)} of ${plural(own.length, "reading")}, ${share(ratio)}.`;
    return { result: passedIf(ratio <= most), figure: counted(count), threshold, sentence };
  },
};
