import encodeQR from "qr";

/** Rows of a QR code of half blocks, dark on light also where the terminal is dark. The camera of a phone reads it. */
export function qrRows(text: string): readonly string[] {
  return encodeQR(text, "ascii", { ecc: "low", border: 2 })
    .split("\n")
    .filter((row) => row !== "");
}
